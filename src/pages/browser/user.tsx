import { hydrateIsland } from '../parts/Island.tsx'
import { Profile } from '../profile/Profile.tsx'

await hydrateIsland(Profile, {})
