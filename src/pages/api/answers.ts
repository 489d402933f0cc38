import type { ContributionType, Content } from '../../contributions/contribution.ts'
import type { Profile } from '../../contributions/user.ts'

/* The answers of the API that pages read, as the contract says them; as_of is RFC 3339. */

interface Answered {
  as_of: string
  position: number
}

/** `GET /v1/metrics` and, for one, `GET /v1/metrics/{metric}`. */
export interface MetricsAnswer extends Answered {
  metrics: { metric: string; value: number }[]
}

export interface MetricAnswer extends Answered {
  metric: string
  value: number
}

/** `GET /v1/metrics/{metric}/history`. */
export interface HistoryAnswer extends Answered {
  points: { date: string; value: number }[]
}

export interface BoardEntry {
  rank: number
  user: Profile
  count: number
  last_contribution_at: string
}

/** `GET /v1/leaderboards/{board}`. */
export interface BoardAnswer extends Answered {
  board: string
  total: number
  entries: BoardEntry[]
  /** There when the board was asked for around a user; null if that user is not on it. */
  standing?: BoardEntry | null
  next_cursor: string | null
}

/** `GET /v1/users?username=`. */
export interface FoundUsersAnswer extends Answered {
  users: Profile[]
}

export type Counts = Record<ContributionType | 'total', number>

/** `GET /v1/users/{id}`. */
export interface UserAnswer extends Answered {
  user: Profile
  complete: boolean
  first_contribution_at: string | null
  last_contribution_at: string | null
  lifetime: Counts
  windows: Record<string, Counts>
  documents: number
}

/** `GET /v1/users/{id}/calendar`. */
export interface CalendarAnswer extends Answered {
  from: string
  to: string
  days: { date: string; count: number }[]
  total: number
  current_streak: number
  longest_streak: number
}

export interface ListedContribution {
  type: ContributionType
  occurred_at: string
  content: Content
  parent: Content | null
  locale: string
  product: string
  self: boolean
  position: number
}

/** `GET /v1/users/{id}/contributions`. */
export interface ContributionsAnswer extends Answered {
  contributions: ListedContribution[]
  next_cursor: string | null
}
