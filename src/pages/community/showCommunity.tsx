import { knownDefaultLocale } from '../../configuration.ts'
import { formatInstant } from '../../contributions/instant.ts'
import type { Call } from '../../http/endpoint.ts'
import type { ApiResult } from '../api/fetchApi.ts'
import { fetchHere } from '../api/fetchHere.ts'
import { logBounds, logStartIn } from '../api/logStart.ts'
import { dayIn } from '../formatters.ts'
import type { View } from '../page.tsx'
import { Island } from '../parts/Island.tsx'
import type { Texts } from '../texts/texts.ts'
import { Community } from './Community.tsx'
import { cohortsOf, communityOf, responsesOf } from './communityQueries.ts'
import { parseCommunity } from './communityState.ts'
import { spanOf } from './range.ts'
import { volumeOf } from './volumeView.ts'

/** How long the page waits for its numbers. After a deployment the first answers may take longer. */
const patienceMilliseconds = 10_000

/** The body of an answer; undefined if it fails or takes too long. Then the browser loads it. */
const bodyInTime = async <Body,>(loading: Promise<ApiResult<Body>>): Promise<Body | undefined> => {
  const result = await Promise.race([loading, scheduler.wait(patienceMilliseconds)])
  return result?.ok ? result.body : undefined
}

/** `GET /community`: the page with all numbers that the API returns in time. */
export const showCommunity = async (call: Call, { language, text }: Texts): Promise<View> => {
  const { search } = new URL(call.request.url)
  const state = parseCommunity(search)
  const now = formatInstant(call.now)
  const today = dayIn(now, state.timeZone)
  // Apart from the others, because the status has no tag.
  const bounds = await bodyInTime(logBounds.load(fetchHere(call).fetchApi))
  const span = spanOf(state.range, state.interval, today, logStartIn(bounds, state.timeZone))
  const { fetchApi, tags } = fetchHere(call)
  const all = Promise.all([
    bodyInTime(communityOf(span, state).load(fetchApi)),
    bodyInTime(cohortsOf(span, state).load(fetchApi)),
    bodyInTime(volumeOf(span, state).load(fetchApi)),
    bodyInTime(responsesOf(span, state).load(fetchApi)),
  ])
  const [community, cohorts, volume, responses] = await call.timing.time('object', all)
  const props = {
    search,
    now,
    bounds,
    community,
    cohorts,
    volume,
    responses,
    defaultLocale: knownDefaultLocale(call.env),
  }
  return {
    title: text('page.community'),
    description: text('community.description'),
    script: 'community',
    freshness: 'live',
    stable: JSON.stringify([search, language, today, bounds, tags()]),
    main: <Island Part={Community} props={props} />,
  }
}
