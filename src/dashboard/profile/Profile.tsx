import { useMemo } from 'preact/hooks'
import { nameOf, presentName } from '../../cards/nameOf.ts'
import type { CalendarAnswer, ContributionsAnswer, UserAnswer } from '../asking/answers.ts'
import { Trouble } from '../asking/Trouble.tsx'
import { useAnswer } from '../asking/useAnswer.ts'
import { Calendar } from '../calendar/Calendar.tsx'
import { Embed } from '../embed/Embed.tsx'
import { Initial, Name } from '../parts/Person.tsx'
import { useAddress } from '../parts/useAddress.ts'
import { dayIn, writerOf, type Writer } from '../writing.ts'
import { Contributions } from './Contributions.tsx'
import { calendarOf, contributionsOf, userOf } from './load.ts'
import { Ranks } from './Ranks.tsx'
import { parseProfile, profileAddress } from './state.ts'
import { Totals } from './Totals.tsx'

/** What the Worker knew when it rendered the page. */
export interface ProfileProps {
  search: string
  language: string
  user: UserAnswer
  calendar: CalendarAnswer | undefined
  contributions: ContributionsAnswer | undefined
}

/** How often live numbers are asked for again. */
const refreshSeconds = 15

const Head = ({ answer, writer }: { answer: UserAnswer; writer: Writer }) => {
  const { user, first_contribution_at: first, last_contribution_at: last, documents } = answer
  const username = presentName(user.username)
  return (
    <header class="profile-head">
      <Initial user={user} large />
      <div>
        <h1>
          <Name user={user} />
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
          id {user.id}
          {first && last
            ? ` · contributing since ${writer.dayAt(first)}, last on ${writer.dayAt(last)}`
            : ' · no contributions yet'}
          {documents > 0 &&
            ` · ${writer.number(documents)} ${documents === 1 ? 'document' : 'documents'} edited`}
        </p>
        <p class="as-of soft">
          As of <time dateTime={answer.as_of}>{writer.instant(answer.as_of)}</time> · log position{' '}
          {writer.number(answer.position)}
        </p>
      </div>
    </header>
  )
}

/** A user's page: totals, ranks, calendar, the contributions behind each number, card and badge. */
export const Profile = ({ search, language, user, calendar, contributions }: ProfileProps) => {
  const { id } = user.user
  const address = useAddress(search, (query) => profileAddress(id, parseProfile(query)))
  const state = useMemo(() => parseProfile(address.search), [address.search])
  const writer = useMemo(() => writerOf(language, state.timeZone), [language, state.timeZone])
  const { body = user, refused } = useAnswer(userOf(id), user, refreshSeconds, user.as_of)
  const days = useAnswer(calendarOf(id, state), calendar, refreshSeconds, calendar?.as_of)
  const isLive = state.cursor === undefined
  const listed = useAnswer(
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
      <Head answer={body} writer={writer} />
      {refused && <Trouble refused={refused} />}
      {!body.complete && (
        <p class="notice">
          The history before this site began to count has not been brought in whole: older contributions may
          be missing here.
        </p>
      )}
      <div class="columns">
        <Totals user={body} state={state} writer={writer} />
        <Ranks id={id} state={state} writer={writer} />
      </div>
      <Calendar id={id} state={state} known={days} years={{ first, last }} writer={writer} />
      <Contributions
        id={id}
        state={state}
        count={counts?.[state.type ?? 'total']}
        listed={listed}
        writer={writer}
      />
      <Embed user={body.user} state={state} />
    </div>
  )
}
