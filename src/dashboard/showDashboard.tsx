import type { View } from './page.tsx'

/** `GET /`: the dashboard. */
export const showDashboard = (): View => ({
  title: 'Dashboard',
  description: 'Who contributes to the community, and how much: metrics, leaderboards and their history',
  script: 'dashboard',
  freshness: 'live',
  main: <h1>Dashboard</h1>,
})
