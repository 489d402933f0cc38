import { formatDay, parseDay } from '../../contributions/calendar.ts'
import { parseWindowLength } from '../../contributions/instant.ts'
import { boards } from '../../definitions/definitions.ts'
import type { UserAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { notLoaded } from '../api/fetchApi.ts'
import { coversWindow, useLogStart } from '../api/logStart.ts'
import { useQuery, type QueryState } from '../api/useQuery.ts'
import { Choices } from '../parts/Choices.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { windows, windowTitle } from '../parts/titles.ts'
import type { Formatters } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'
import { pastRanksOf, ranksOf, type RankByBoard, type RanksAnswer } from './profileQueries.ts'
import { profileAddress, type ProfileState } from './profileState.ts'

interface RanksProps {
  user: UserAnswer
  state: ProfileState
  formatters: Formatters
}

const refreshSeconds = 30

/** Ranks are compared with the ranks this many days ago. */
const comparedDays = 30

/** The address of a board on the dashboard, around this user. */
const neighboursAddress = (board: string, window: string, id: number): string => {
  const query = new URLSearchParams({ board, window, around: String(id) })
  return `/?${query.toString()}#leaderboards`
}

const isLoading = ({ isCurrent, problem }: QueryState<unknown>): boolean => !isCurrent && !problem

interface MovementProps {
  rank: number | undefined
  /** Undefined if the user was unranked. */
  before: number | undefined
  formatters: Formatters
}

/** How many places the user has moved on a board, and their earlier rank. */
const Movement = ({ rank, before, formatters }: MovementProps) => {
  const { text } = useTexts()
  if (before === undefined)
    return rank === undefined ? null : <span class="movement">{text('ranks.new')}</span>
  if (rank === undefined) return <span class="movement">{text('ranks.was', { rank: before })}</span>
  if (rank === before) return <span class="movement">{text('ranks.same')}</span>
  const places = formatters.number(Math.abs(before - rank))
  return (
    <span class="movement" title={text('ranks.was', { rank: before })}>
      <span aria-hidden="true">{before > rank ? '▴' : '▾'} </span>
      {text(before > rank ? 'ranks.up' : 'ranks.down', { places })}
    </span>
  )
}

interface RankProps {
  board: string
  now: QueryState<RanksAnswer>
  before: QueryState<RankByBoard>
  formatters: Formatters
}

const Rank = ({ board, now, before, formatters }: RankProps) => {
  const { text, rich } = useTexts()
  if (!now.body) return now.problem ? null : <span class="soft needs-script">…</span>
  const ranked = now.body.ranks[board] ?? undefined
  return (
    <span class="rank-now">
      {before.body && (
        <Movement rank={ranked?.rank} before={before.body[board]?.rank} formatters={formatters} />
      )}{' '}
      {ranked ? (
        <span class="soft">
          {rich('ranks.of', { rank: <strong>{formatters.number(ranked.rank)}</strong>, total: ranked.total })}
        </span>
      ) : (
        <span class="soft">{text('ranks.unranked')}</span>
      )}
    </span>
  )
}

/** The user's rank on every board, and how it has moved in 30 days. */
export const Ranks = ({ user, state, formatters }: RanksProps) => {
  const texts = useTexts()
  const { text } = texts
  const { id } = user.user
  // A whole day, so that the address stays the same for a day and caches can answer it.
  const day = formatDay((parseDay(user.as_of.slice(0, 10)) ?? 0) - comparedDays)
  const now = useQuery(ranksOf(user, state.ranks), undefined, refreshSeconds)
  const start = useLogStart()
  const isTooEarly =
    start !== undefined &&
    (start.first >= day || !coversWindow(start, day, parseWindowLength(state.ranks) ?? 0))
  const isCompared = start !== undefined && !isTooEarly
  const before = useQuery<RankByBoard>(isCompared ? pastRanksOf(user, state.ranks, day) : notLoaded)
  const failed = now.problem ? now : before
  return (
    <section class="panel" id="ranks" aria-labelledby="ranks-title">
      <PanelHead
        id="ranks-title"
        title={text('ranks.title')}
        note={
          isTooEarly
            ? text('ranks.note.too-early', { day: formatters.day(start.first) })
            : text('ranks.note', { day: formatters.day(day) })
        }
      />
      <Choices
        label={text('ranks.period')}
        choices={windows.map((window) => ({
          name: windowTitle(window, texts),
          href: `${profileAddress(id, { ...state, ranks: window })}#ranks`,
          isChosen: window === state.ranks,
        }))}
      />
      {failed.problem && (
        <ErrorNotice
          problem={failed.problem}
          retry={failed.retry}
          shown={now.body && formatters.instant(now.body.as_of)}
        />
      )}
      <noscript>
        <p class="soft">{text('ranks.script')}</p>
      </noscript>
      <p class="visually-hidden" role="status">
        {now.body && text('ranks.shown', { window: windowTitle(state.ranks, texts) })}
      </p>
      <ul class="ranks" aria-busy={isLoading(now) || (isCompared && isLoading(before))}>
        {boards.map(({ board }) => (
          <li key={board}>
            <a href={texts.link(neighboursAddress(board, state.ranks, id))}>{texts.board(board).title}</a>
            <Rank board={board} now={now} before={before} formatters={formatters} />
          </li>
        ))}
      </ul>
    </section>
  )
}
