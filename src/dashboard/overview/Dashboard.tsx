import { useMemo } from 'preact/hooks'
import type { MetricsAnswer } from '../asking/answers.ts'
import { Trouble } from '../asking/Trouble.tsx'
import { useAnswer } from '../asking/useAnswer.ts'
import { Boards } from '../boards/Boards.tsx'
import { useAddress } from '../parts/useAddress.ts'
import { dayIn, writerOf } from '../writing.ts'
import type { Draw } from './Chart.tsx'
import { Filters } from './Filters.tsx'
import { History } from './History.tsx'
import { boardShown, metricsNow, type ShownBoard } from './load.ts'
import { addressOf, parseState } from './state.ts'
import { Tiles } from './Tiles.tsx'

/** What the Worker knew when it rendered the page. */
export interface DashboardProps {
  search: string
  language: string
  /** When the page was rendered: RFC 3339. */
  now: string
  metrics: MetricsAnswer | undefined
  board: ShownBoard | undefined
  draw?: Draw
}

/** How often live numbers are asked for again. */
const refreshSeconds = 15

const canonical = (search: string): string => addressOf(parseState(search))

/** The dashboard: metrics now and over time, and the leaderboards, all by what its address says. */
export const Dashboard = ({ search, language, now, metrics, board, draw }: DashboardProps) => {
  const address = useAddress(search, canonical)
  const state = useMemo(() => parseState(address.search), [address.search])
  const writer = useMemo(() => writerOf(language, state.timeZone), [language, state.timeZone])
  const live = useAnswer(metricsNow(state), metrics, refreshSeconds, metrics?.as_of)
  const shown = useAnswer(
    boardShown(state),
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
          As of <time dateTime={asOf}>{writer.instant(asOf)}</time>
          {live.body && <> · log position {writer.number(live.body.position)}</>}
        </p>
      </header>
      <Filters state={state} />
      {live.refused && <Trouble refused={live.refused} />}
      <Tiles now={live} state={state} today={today} writer={writer} />
      <History state={state} today={today} writer={writer} draw={draw} go={address.go} />
      <Boards state={state} shown={shown} writer={writer} />
    </div>
  )
}
