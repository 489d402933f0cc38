import { hydrateIsland } from '../parts/Island.tsx'
import { Status } from '../status/Status.tsx'

await hydrateIsland(Status, {})
