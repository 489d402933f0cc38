import { useEffect, useMemo, useState } from 'preact/hooks'
import { definitions } from '../../definitions/definitions.ts'
import { ProvideLogStart, useLogBounds } from '../api/logStart.ts'
import { useQuery } from '../api/useQuery.ts'
import { Boards } from '../boards/Boards.tsx'
import { EmptyLog } from '../parts/EmptyLog.tsx'
import { DefaultLocale } from '../parts/uncounted.ts'
import { Unused } from '../parts/Unused.tsx'
import { useAddress } from '../parts/useAddress.ts'
import { timePhrase } from '../parts/titles.ts'
import { dayIn, formattersFor, type Formatters } from '../formatters.ts'
import { useTexts, type Texts } from '../texts/texts.ts'
import type { Draw } from './Chart.tsx'
import { boardViewOf, metricsNow, type BoardView, type LiveMetrics } from './dashboardQueries.ts'
import { addressOf, dashboardParameters, parseState, type DashboardState } from './dashboardState.ts'
import { Filters } from './Filters.tsx'
import { History } from './History.tsx'
import { Tiles } from './Tiles.tsx'
import { VolumePanel } from './Volume.tsx'

export interface DashboardProps {
  /** The query of the page's address. */
  search: string
  /** When the page was rendered: RFC 3339. */
  now: string
  /** What the Worker read when it rendered the page. */
  metrics: LiveMetrics | undefined
  board: BoardView | undefined
  /** The site's default locale; undefined if it is not known. */
  defaultLocale: string | undefined
  /** Undefined on the server. */
  draw?: Draw
}

const refreshSeconds = 15

const canonical = (search: string): string => addressOf(parseState(search))

/** The title of the page: its board, window and filters. */
export const titleOfDashboard = (state: DashboardState, texts: Texts, formatters: Formatters): string => {
  const { board, product, locale } = state
  const shown = { board: texts.board(board).title, window: timePhrase(state, texts, formatters) }
  const filters = [product, locale].filter((filter) => filter !== undefined).join(', ')
  return filters === ''
    ? texts.text('dashboard.title', shown)
    : texts.text('dashboard.title.filtered', { ...shown, filters })
}

/** The dashboard: current metrics, their history, and the leaderboards, as selected by the page's address. */
export const Dashboard = ({ search, now, metrics, board, defaultLocale, draw }: DashboardProps) => {
  const texts = useTexts()
  const { language, text, rich } = texts
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
  const start = useLogBounds(state.timeZone)
  const title = `${titleOfDashboard(state, texts, formatters)} · ${definitions.site.name}`
  useEffect(() => void (document.title = title), [title])
  const [latest, setLatest] = useState(now)
  const asOf = live.body?.as_of ?? latest
  // Until numbers for new filters arrive, the page keeps the latest instant that it has shown.
  useEffect(() => setLatest(asOf), [asOf])
  const today = dayIn(asOf, state.timeZone)
  const time = <time dateTime={asOf}>{formatters.instant(asOf)}</time>
  return (
    <div class="dashboard" {...address.root}>
      <header class="page-head">
        <h1>{text('people')}</h1>
        {(live.body ?? !live.problem) && <p class="as-of soft">{rich('page.as-of', { time })}</p>}
      </header>
      <Unused search={address.search} parametersOf={dashboardParameters} />
      {live.body?.position === 0 ? (
        <EmptyLog />
      ) : (
        <DefaultLocale value={defaultLocale}>
          <ProvideLogStart value={start}>
            <Filters state={state} formatters={formatters} />
            <Tiles live={live} state={state} today={today} formatters={formatters} />
            <History
              state={state}
              today={today}
              live={live.body}
              formatters={formatters}
              draw={draw}
              go={address.go}
            />
            <VolumePanel state={state} today={today} formatters={formatters} draw={draw} />
            <Boards state={state} today={today} view={boardState} formatters={formatters} go={address.go} />
          </ProvideLogStart>
        </DefaultLocale>
      )}
    </div>
  )
}
