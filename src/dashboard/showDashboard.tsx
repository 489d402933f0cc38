import { parseWindowLength } from '../contributions/window.ts'
import { languageOf } from '../http/answers/language.ts'
import type { Call } from '../http/route.ts'
import { formatInstant } from '../contributions/instant.ts'
import { isRolling } from '../stats/leaderboards.ts'
import type { Asked } from './asking/ask.ts'
import { askHere } from './asking/askHere.ts'
import { Dashboard } from './overview/Dashboard.tsx'
import { boardShown, metricsNow } from './overview/load.ts'
import { parseState, type DashboardState } from './overview/state.ts'
import type { View } from './page.tsx'
import { Island } from './parts/Island.tsx'
import { dayIn } from './writing.ts'

/** Whether a board's answer is at hand in an object: nothing else is waited for, the browser asks for it. */
const isAtHand = (state: DashboardState): boolean =>
  state.cursor === undefined && isRolling(parseWindowLength(state.window) ?? null, state)

const bodyOf = <Body,>(asked: Asked<Body> | undefined): Body | undefined =>
  asked?.ok ? asked.body : undefined

/** `GET /`: the dashboard, with the live numbers in it; the browser asks for histories, which scan the log. */
export const showDashboard = async (call: Call): Promise<View> => {
  const { search } = new URL(call.request.url)
  const state = parseState(search)
  const { ask, tags } = askHere(call)
  const both = Promise.all([
    metricsNow(state).load(ask),
    isAtHand(state) ? boardShown(state).load(ask) : undefined,
  ])
  const [metrics, board] = await call.timing.time('object', both)
  const props = {
    search,
    language: languageOf(call.request.headers.get('accept-language')),
    now: formatInstant(call.now),
    metrics: bodyOf(metrics),
    board: bodyOf(board),
  }
  const today = dayIn(props.metrics?.as_of ?? props.now, state.timeZone)
  return {
    title: 'Contributors',
    description: 'Who contributes to the community, and how much: metrics, their history and leaderboards',
    script: 'dashboard',
    freshness: 'live',
    lasting: JSON.stringify([search, props.language, today, tags()]),
    main: <Island Part={Dashboard} props={props} />,
  }
}
