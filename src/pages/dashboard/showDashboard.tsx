import { knownDefaultLocale } from '../../configuration.ts'
import { isRolling } from '../../api/readRanking.ts'
import { formatInstant, parseWindowLength } from '../../contributions/instant.ts'
import type { Call } from '../../http/endpoint.ts'
import type { ApiResult } from '../api/fetchApi.ts'
import { fetchHere } from '../api/fetchHere.ts'
import { dayIn, formattersFor } from '../formatters.ts'
import type { View } from '../page.tsx'
import { Island } from '../parts/Island.tsx'
import type { Texts } from '../texts/texts.ts'
import { timePhrase } from '../parts/titles.ts'
import { Dashboard, titleOfDashboard } from './Dashboard.tsx'
import { boardViewOf, metricsNow } from './dashboardQueries.ts'
import { parseState, type DashboardState } from './dashboardState.ts'

/**
 * Whether a live ranking serves the board. Other boards, such as those of periods, need a scan of the log, so the
 * browser loads them.
 */
const isLiveBoard = (state: DashboardState): boolean =>
  state.cursor === undefined &&
  state.period === undefined &&
  isRolling({ length: parseWindowLength(state.window) ?? null }, state)

const bodyOf = <Body,>(result: ApiResult<Body> | undefined): Body | undefined =>
  result?.ok ? result.body : undefined

/** `GET /`: the dashboard with its live numbers. The browser loads histories, which scan the log. */
export const showDashboard = async (call: Call, texts: Texts): Promise<View> => {
  const { search } = new URL(call.request.url)
  const state = parseState(search)
  const formatters = formattersFor(texts.language, state.timeZone)
  const { fetchApi, tags } = fetchHere(call)
  const both = Promise.all([
    metricsNow(state).load(fetchApi),
    isLiveBoard(state) ? boardViewOf(state).load(fetchApi) : undefined,
  ])
  const [metrics, board] = await call.timing.time('object', both)
  const props = {
    search,
    now: formatInstant(call.now),
    metrics: bodyOf(metrics),
    board: bodyOf(board),
    defaultLocale: knownDefaultLocale(call.env),
  }
  const today = dayIn(props.metrics?.as_of ?? props.now, state.timeZone)
  return {
    title: titleOfDashboard(state, texts, formatters),
    description: texts.text('dashboard.description', {
      board: texts.board(state.board).title,
      window: timePhrase(state, texts, formatters),
    }),
    script: 'dashboard',
    freshness: 'live',
    stable: JSON.stringify([search, texts.language, today, tags()]),
    main: <Island Part={Dashboard} props={props} />,
  }
}
