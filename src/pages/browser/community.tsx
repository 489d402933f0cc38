import { Community } from '../community/Community.tsx'
import { hydrateIsland } from '../parts/Island.tsx'

await hydrateIsland(Community, {})
