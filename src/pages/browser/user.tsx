import { revive } from '../parts/Island.tsx'
import { Profile } from '../profile/Profile.tsx'

revive(Profile, {})
