import { Fragment } from 'preact'
import { useMemo } from 'preact/hooks'
import { givenName, presentName } from '../../cards/names.ts'
import { userLinkOf } from '../../definitions/links.ts'
import type { CalendarAnswer, ContributionsAnswer, UserAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { ProvideLogStart, useLogBounds } from '../api/logStart.ts'
import { useQuery } from '../api/useQuery.ts'
import { Calendar } from '../calendar/Calendar.tsx'
import { Years } from '../calendar/Years.tsx'
import { Embed } from '../embed/Embed.tsx'
import { OnSite } from '../parts/OnSite.tsx'
import { Initial, Name } from '../parts/Person.tsx'
import { Unused } from '../parts/Unused.tsx'
import { useAddress } from '../parts/useAddress.ts'
import { formattersFor, type Formatters } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'
import { Contributions } from './Contributions.tsx'
import { calendarOf, contributionsOf, userOf } from './profileQueries.ts'
import { Ranks } from './Ranks.tsx'
import { parseProfile, profileAddress, profileParameters } from './profileState.ts'
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

/** Facts about the user: ID, first and last contribution, documents. */
const Facts = ({ answer, formatters }: { answer: UserAnswer; formatters: Formatters }) => {
  const { user, first_contribution_at: first, last_contribution_at: last, documents } = answer
  const { text } = useTexts()
  const facts = [
    text('profile.id', { id: String(user.id) }),
    ...(first && last
      ? [
          text('profile.since', { day: formatters.dayAt(first) }),
          text('profile.last', { day: formatters.dayAt(last) }),
        ]
      : [text('profile.none')]),
    ...(documents > 0 ? [text('profile.documents', { count: documents })] : []),
  ]
  const username = presentName(user.username)
  return (
    <p class="soft">
      {username !== undefined && username !== givenName(user) && (
        <>
          <bdi class="name" title={username}>
            {username}
          </bdi>{' '}
          ·{' '}
        </>
      )}
      {facts.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' '}
          <span class="whole">
            {fact}
            {index < facts.length - 1 && ' ·'}
          </span>
        </Fragment>
      ))}
    </p>
  )
}

const Head = ({ answer, formatters }: { answer: UserAnswer; formatters: Formatters }) => {
  const { user } = answer
  const { rich } = useTexts()
  return (
    <header class="profile-head">
      <Initial user={user} large />
      <div>
        <h1>
          <OnSite href={userLinkOf(user.id)}>
            <Name user={user} />
          </OnSite>
        </h1>
        <Facts answer={answer} formatters={formatters} />
        <p class="as-of soft">
          {rich('page.as-of', {
            time: <time dateTime={answer.as_of}>{formatters.instant(answer.as_of)}</time>,
          })}
        </p>
      </div>
    </header>
  )
}

/** A user's page: totals, calendar, years, ranks, the contributions behind a number, card and badge. */
export const Profile = ({ search, user, calendar, contributions }: ProfileProps) => {
  const { id } = user.user
  const { language, text } = useTexts()
  const address = useAddress(search, (query) => profileAddress(id, parseProfile(query)))
  const state = useMemo(() => parseProfile(address.search), [address.search])
  const formatters = useMemo(() => formattersFor(language, state.timeZone), [language, state.timeZone])
  const { body = user, problem, retry } = useQuery(userOf(id), user, refreshSeconds, user.as_of)
  const days = useQuery(calendarOf(id, state), calendar, refreshSeconds, calendar?.as_of)
  const isLive = state.cursor === undefined
  const list = useQuery(
    contributionsOf(id, state),
    contributions,
    isLive ? refreshSeconds : undefined,
    contributions?.as_of,
  )
  const counts = state.window === 'all' ? body.lifetime : body.windows[state.window]
  const today = formatters.dateAt(body.as_of)
  const last = Number(today.slice(0, 4))
  const first =
    body.first_contribution_at === null
      ? last
      : Number(formatters.dateAt(body.first_contribution_at).slice(0, 4))
  const start = useLogBounds(state.timeZone)
  const common = { id, state, formatters }
  return (
    <div class="dashboard" {...address.root}>
      <Head answer={body} formatters={formatters} />
      <Unused search={address.search} parametersOf={profileParameters} />
      {problem && <ErrorNotice problem={problem} retry={retry} shown={formatters.instant(body.as_of)} />}
      {!body.complete && <p class="notice notice-quiet">{text('profile.incomplete')}</p>}
      <Totals user={body} state={state} formatters={formatters} />
      <Calendar {...common} days={days} years={{ first, last }} go={address.go} />
      <ProvideLogStart value={start}>
        <Years {...common} years={{ first, last }} today={today} />
        <Ranks user={body} state={state} formatters={formatters} />
      </ProvideLogStart>
      <Contributions {...common} count={counts?.[state.type ?? 'total']} list={list} />
      <Embed user={body.user} state={state} />
    </div>
  )
}
