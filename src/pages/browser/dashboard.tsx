import { Dashboard } from '../dashboard/Dashboard.tsx'
import { hydrateIsland } from '../parts/Island.tsx'
import { draw } from './drawing/draw.ts'

await hydrateIsland(Dashboard, { draw })
