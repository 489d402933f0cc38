import { Dashboard } from '../overview/Dashboard.tsx'
import { revive } from '../parts/Island.tsx'
import { draw } from './drawing/draw.ts'

revive(Dashboard, { draw })
