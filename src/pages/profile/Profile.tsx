import { useMemo } from 'preact/hooks'
import { nameOf, presentName } from '../../cards/nameOf.ts'
import { userLinkOf } from '../../definitions/links.ts'
import type { CalendarAnswer, ContributionsAnswer, UserAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { useQuery } from '../api/useQuery.ts'
import { Calendar } from '../calendar/Calendar.tsx'
import { OnSite } from '../parts/OnSite.tsx'
import { Initial, Name } from '../parts/Person.tsx'
import { useAddress } from '../parts/useAddress.ts'
import { dayIn, formattersFor, type Formatters } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'
import { Contributions } from './Contributions.tsx'
import { Embed } from './Embed.tsx'
import { calendarOf, contributionsOf, userOf } from './profileQueries.ts'
import { Ranks } from './Ranks.tsx'
import { parseProfile, profileAddress } from './profileState.ts'
import { Totals } from './Totals.tsx'

export interface ProfileProps {
  /** The query of the page's address. */
  search: string
  /** What the Worker read when it rendered the page. */
  user: UserAnswer
  calendar: CalendarAnswer | undefined
  contributions: ContributionsAnswer | undefined
}

const refreshSeconds = 15

const Head = ({ answer, formatters }: { answer: UserAnswer; formatters: Formatters }) => {
  const { user, first_contribution_at: first, last_contribution_at: last, documents } = answer
  const { text } = useTexts()
  const username = presentName(user.username)
  return (
    <header class="profile-head">
      <Initial user={user} large />
      <div>
        <h1>
          <OnSite href={userLinkOf(user.id)}>
            <Name user={user} />
          </OnSite>
        </h1>
        <p class="soft">
          {username !== undefined && username !== nameOf(user) && (
            <>
              <bdi class="name" title={username}>
                {username}
              </bdi>{' '}
              ·{' '}
            </>
          )}
          ID {user.id}
          {first && last
            ? ` · contributing since ${formatters.dayAt(first)} · last contribution on ${formatters.dayAt(last)}`
            : ' · no contributions yet'}
          {documents > 0 && ` · ${text('profile.documents', { count: documents })}`}
        </p>
        <p class="as-of soft">
          As of <time dateTime={answer.as_of}>{formatters.instant(answer.as_of)}</time> · log position{' '}
          {formatters.number(answer.position)}
        </p>
      </div>
    </header>
  )
}

/** A user's page: totals, ranks, calendar, the contributions behind a number, card and badge. */
export const Profile = ({ search, user, calendar, contributions }: ProfileProps) => {
  const { id } = user.user
  const { language } = useTexts()
  const address = useAddress(search, (query) => profileAddress(id, parseProfile(query)))
  const state = useMemo(() => parseProfile(address.search), [address.search])
  const formatters = useMemo(() => formattersFor(language, state.timeZone), [language, state.timeZone])
  const { body = user, problem } = useQuery(userOf(id), user, refreshSeconds, user.as_of)
  const days = useQuery(calendarOf(id, state), calendar, refreshSeconds, calendar?.as_of)
  const isLive = state.cursor === undefined
  const list = useQuery(
    contributionsOf(id, state),
    contributions,
    isLive ? refreshSeconds : undefined,
    contributions?.as_of,
  )
  const counts = state.window === 'all' ? body.lifetime : body.windows[state.window]
  const yearOf = (instant: string): number => Number(dayIn(instant, state.timeZone).slice(0, 4))
  const last = yearOf(body.as_of)
  const first = body.first_contribution_at === null ? last : yearOf(body.first_contribution_at)
  return (
    <div class="dashboard" {...address.root}>
      <Head answer={body} formatters={formatters} />
      {problem && <ErrorNotice problem={problem} />}
      {!body.complete && (
        <p class="notice">Older history hasn’t been imported yet, so some contributions may be missing.</p>
      )}
      <div class="columns">
        <Totals user={body} state={state} formatters={formatters} />
        <Ranks id={id} state={state} formatters={formatters} />
      </div>
      <Calendar id={id} state={state} days={days} years={{ first, last }} formatters={formatters} />
      <Contributions
        id={id}
        state={state}
        count={counts?.[state.type ?? 'total']}
        list={list}
        formatters={formatters}
      />
      <Embed user={body.user} state={state} />
    </div>
  )
}
