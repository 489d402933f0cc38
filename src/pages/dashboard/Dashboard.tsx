import { useMemo } from 'preact/hooks'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { useQuery } from '../api/useQuery.ts'
import { Boards } from '../boards/Boards.tsx'
import { useAddress } from '../parts/useAddress.ts'
import { dayIn, formattersFor } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'
import type { Draw } from './Chart.tsx'
import { boardViewOf, metricsNow, type BoardView, type LiveMetrics } from './dashboardQueries.ts'
import { addressOf, parseState } from './dashboardState.ts'
import { Filters } from './Filters.tsx'
import { History } from './History.tsx'
import { Tiles } from './Tiles.tsx'

export interface DashboardProps {
  /** The query of the page's address. */
  search: string
  /** When the page was rendered: RFC 3339. */
  now: string
  /** What the Worker read when it rendered the page. */
  metrics: LiveMetrics | undefined
  board: BoardView | undefined
  /** Undefined on the server. */
  draw?: Draw
}

const refreshSeconds = 15

const canonical = (search: string): string => addressOf(parseState(search))

/** The dashboard: metrics now and over time, and the leaderboards, as the page's address selects them. */
export const Dashboard = ({ search, now, metrics, board, draw }: DashboardProps) => {
  const { language } = useTexts()
  const address = useAddress(search, canonical)
  const state = useMemo(() => parseState(address.search), [address.search])
  const formatters = useMemo(() => formattersFor(language, state.timeZone), [language, state.timeZone])
  const live = useQuery(metricsNow(state), metrics, refreshSeconds, metrics?.as_of)
  const boardState = useQuery(
    boardViewOf(state),
    board,
    state.cursor === undefined ? refreshSeconds : undefined,
    board?.board?.as_of,
  )
  const asOf = live.body?.as_of ?? now
  const today = dayIn(asOf, state.timeZone)
  return (
    <div class="dashboard" {...address.root}>
      <header class="page-head">
        <h1>Contributors</h1>
        <p class="as-of soft">
          As of <time dateTime={asOf}>{formatters.instant(asOf)}</time>
          {live.body && <> · log position {formatters.number(live.body.position)}</>}
        </p>
      </header>
      <Filters state={state} />
      {live.problem && <ErrorNotice problem={live.problem} />}
      <Tiles live={live} state={state} today={today} formatters={formatters} />
      <History state={state} today={today} formatters={formatters} draw={draw} go={address.go} />
      <Boards state={state} view={boardState} formatters={formatters} />
    </div>
  )
}
