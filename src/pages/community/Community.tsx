import { useEffect, useMemo, useState } from 'preact/hooks'
import { responseTypes } from '../../definitions/definitions.ts'
import type { CohortsAnswer, CommunityAnswer, ResponsesAnswer } from '../api/answers.ts'
import type { ApiQuery } from '../api/fetchApi.ts'
import { useLogBounds, type LogBounds } from '../api/logStart.ts'
import { useQuery, type QueryState } from '../api/useQuery.ts'
import { dayIn, formattersFor } from '../formatters.ts'
import { EmptyLog } from '../parts/EmptyLog.tsx'
import { DefaultLocale } from '../parts/uncounted.ts'
import { Unused } from '../parts/Unused.tsx'
import { useAddress } from '../parts/useAddress.ts'
import { useTexts } from '../texts/texts.ts'
import { cohortsOf, communityOf, responsesOf } from './communityQueries.ts'
import { communityAddress, communityParameters, parseCommunity } from './communityState.ts'
import { hasPeople } from './comparison.ts'
import { Controls } from './Controls.tsx'
import { Concentration } from './panels/Concentration.tsx'
import { Lifecycle } from './panels/Lifecycle.tsx'
import { Replies } from './panels/Replies.tsx'
import { Retention } from './panels/Retention.tsx'
import { Volume } from './panels/Volume.tsx'
import { spanOf } from './range.ts'
import { volumeOf, type VolumeView } from './volumeView.ts'

export interface CommunityProps {
  /** The query of the page's address. */
  search: string
  /** When the page was rendered: RFC 3339. */
  now: string
  /** What the Worker read when it rendered the page. */
  bounds: LogBounds | undefined
  community: CommunityAnswer | undefined
  cohorts: CohortsAnswer | undefined
  volume: VolumeView | undefined
  responses: ResponsesAnswer | undefined
  /** The site's default locale; undefined if it is not known. */
  defaultLocale: string | undefined
}

const refreshSeconds = 300

const canonical = (search: string): string => communityAddress(parseCommunity(search))

/** Loads the numbers of a panel, starting with those rendered by the Worker. */
const useNumbers = <Body extends { as_of: string }>(
  query: ApiQuery<Body>,
  initial: Body | undefined,
): QueryState<Body> => useQuery(query, initial, refreshSeconds, initial?.as_of)

/**
 * The community page: who is active, who stays, what is contributed, how fast questions are answered, and how much
 * depends on few people.
 */
export const Community = ({ search, now, defaultLocale, ...initial }: CommunityProps) => {
  const texts = useTexts()
  const address = useAddress(search, canonical)
  const state = useMemo(() => parseCommunity(address.search), [address.search])
  const formatters = useMemo(() => formattersFor(texts.language, state.timeZone), [texts, state.timeZone])
  const [latest, setLatest] = useState(now)
  const today = dayIn(latest, state.timeZone)
  const start = useLogBounds(state.timeZone, initial.bounds)
  const span = useMemo(() => spanOf(state.range, state.interval, today, start), [state, today, start])
  const community = useNumbers(communityOf(span, state), initial.community)
  const cohorts = useNumbers(cohortsOf(span, state), initial.cohorts)
  const volume = useNumbers(volumeOf(span, state), initial.volume)
  const responses = useNumbers(responsesOf(span, state), initial.responses)
  const views = [community, cohorts, volume, responses]
  const instants = views.flatMap(({ body }) => (body ? [body.as_of] : [])).sort()
  const newest = instants.at(-1) ?? latest
  useEffect(() => {
    // If the page stays open past the end of an interval, it moves on to the next one.
    if (newest > latest) setLatest(newest)
  }, [newest])
  const asOf = instants[0] ?? latest
  const firstActive = community.body?.points.find(hasPeople)?.date
  const context = { state, span, words: { texts, formatters } }
  return (
    <div class="dashboard community" {...address.root}>
      <header class="page-head">
        <h1>{texts.text('page.community')}</h1>
        {(instants.length > 0 || views.every(({ problem }) => problem === undefined)) && (
          <p class="as-of soft">
            {texts.rich('page.as-of', { time: <time dateTime={asOf}>{formatters.instant(asOf)}</time> })}
          </p>
        )}
      </header>
      <Unused search={address.search} parametersOf={communityParameters} />
      {community.body?.position === 0 ? (
        <EmptyLog />
      ) : (
        <>
          <Controls state={state} span={span} formatters={formatters} />
          <p class="visually-hidden" role="status">
            {texts.text(views.every(({ isCurrent }) => isCurrent) ? 'community.loaded' : 'loading')}
          </p>
          <noscript>
            <p class="notice">{texts.text('community.without-script')}</p>
          </noscript>
          <DefaultLocale value={defaultLocale}>
            <Lifecycle view={community} {...context} />
            <Retention view={cohorts} firstActive={firstActive} {...context} />
            <Volume view={volume} {...context} />
            {responseTypes && <Replies view={responses} {...context} />}
            <Concentration view={community} {...context} />
          </DefaultLocale>
        </>
      )}
    </div>
  )
}
