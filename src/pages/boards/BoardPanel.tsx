import type { Profile } from '../../contributions/user.ts'
import type { BoardAnswer } from '../api/answers.ts'
import type { QueryState } from '../api/useQuery.ts'
import type { BoardView } from '../dashboard/dashboardQueries.ts'
import { addressOf, boardChange, type DashboardState } from '../dashboard/dashboardState.ts'
import { Name, Person } from '../parts/Person.tsx'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { SearchResults } from './Search.tsx'

interface PartProps {
  board: BoardAnswer
  formatters: Formatters
}

/** The rank of the user that was searched for, or a sentence that they are unranked. */
const UserRank = ({ board, user, formatters }: PartProps & { user: Profile | undefined }) => {
  const { link, text } = useTexts()
  const { standing, total } = board
  if (standing === undefined) return null
  const shown = standing?.user ?? user
  const name = shown ? (
    <a href={link(`/users/${shown.id}`)}>
      <Name user={shown} />
    </a>
  ) : (
    'This contributor'
  )
  return (
    <p class="notice" role="status">
      {name}{' '}
      {standing ? (
        <>
          is ranked <strong>{formatters.number(standing.rank)}</strong> of {formatters.number(total)}, with{' '}
          {text('contributions', { count: standing.count })}
        </>
      ) : (
        'is unranked: they have no matching contributions, or are not shown on leaderboards'
      )}
    </p>
  )
}

/** A count as a bar, relative to the largest on the page. */
const Bar = ({ count, largest }: { count: number; largest: number }) => (
  <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-track" width="100" height="4" />
    <rect class="bar-value" width={Math.max(1, (100 * count) / Math.max(1, largest))} height="4" />
  </svg>
)

interface EntriesProps extends PartProps {
  caption: string
  /** The user whose row is marked. */
  around: number | undefined
  isBusy: boolean
}

const Entries = ({ board: { entries }, caption, around, isBusy, formatters }: EntriesProps) => {
  const largest = Math.max(...entries.map(({ count }) => count))
  return (
    <table class="board" aria-busy={isBusy}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" class="numeric rank">
            Rank
          </th>
          <th scope="col">Contributor</th>
          <th scope="col" class="numeric count">
            Count
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ rank, user, count, last_contribution_at: last }) => (
          <tr key={user.id} aria-current={user.id === around ? 'true' : undefined}>
            <td class="numeric rank">{formatters.number(rank)}</td>
            <td>
              <Person user={user}>latest: {formatters.dayAt(last)}</Person>
            </td>
            <td class="numeric count">
              {formatters.number(count)}
              <Bar count={count} largest={largest} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const rankRange = ({ entries }: BoardAnswer, formatters: Formatters): string => {
  const [first, last] = [entries[0]?.rank, entries.at(-1)?.rank]
  if (first === undefined || last === undefined) return ''
  const range = `${formatters.number(first)}–${formatters.number(last)}`
  return first === last ? `Rank ${formatters.number(first)} · ` : `Ranks ${range} · `
}

const Pages = ({ state, board, formatters }: PartProps & { state: DashboardState }) => {
  const { text } = useTexts()
  const whole = boardChange(state, { around: undefined, search: undefined })
  const isFirstPage = state.cursor === undefined && board.standing === undefined
  return (
    <nav class="pages" aria-label="Leaderboard pages">
      <span class="soft">
        {rankRange(board, formatters)}
        {text('contributors', { count: board.total })}
      </span>
      <span class="pages-links">
        {!isFirstPage && <a href={`${addressOf(whole)}#leaderboards`}>First page</a>}
        {board.next_cursor !== null && (
          <a href={`${addressOf({ ...whole, cursor: board.next_cursor })}#leaderboards`}>Next page</a>
        )}
      </span>
    </nav>
  )
}

interface BoardPanelProps {
  state: DashboardState
  view: QueryState<BoardView>
  title: string
  formatters: Formatters
}

/** The result of a search, or a user's rank, entries and pages of the selected board. */
export const BoardPanel = ({ state, view, title, formatters }: BoardPanelProps) => {
  const { body, isCurrent, problem } = view
  if (!body) return problem ? null : <p class="waiting soft">Loading…</p>
  const { board, found, around } = body
  if (!board) return <SearchResults state={state} found={found ?? []} />
  return (
    <>
      <p class="visually-hidden" role="status">
        {isCurrent && board.entries[0] && `${title}, from rank ${board.entries[0].rank}`}
      </p>
      <UserRank board={board} user={found?.[0]} formatters={formatters} />
      {board.entries.length > 0 ? (
        <Entries caption={title} board={board} around={around} isBusy={!isCurrent} formatters={formatters} />
      ) : (
        board.standing === undefined && <p class="waiting soft">No matching contributions</p>
      )}
      <Pages state={state} board={board} formatters={formatters} />
    </>
  )
}
