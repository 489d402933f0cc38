import type { Profile } from '../../contributions/user.ts'
import { boards } from '../../definitions/definitions.ts'
import type { BoardAnswer } from '../api/answers.ts'
import type { QueryState } from '../api/useQuery.ts'
import type { BoardView } from '../dashboard/dashboardQueries.ts'
import { addressOf, boardChange, neighbourCounts, type DashboardState } from '../dashboard/dashboardState.ts'
import { Name, Person } from '../parts/Person.tsx'
import { useTexts, type Texts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { isListExact, listBehind } from './listBehind.ts'
import { previousPageOf, rememberPage } from './previousPages.ts'
import { SearchResults } from './Search.tsx'

interface PartProps {
  board: BoardAnswer
  formatters: Formatters
}

/** The rank of the user searched for, or a sentence saying that they are unranked. */
const UserRank = ({ board, user, formatters }: PartProps & { user: Profile | undefined }) => {
  const { link, text, rich } = useTexts()
  const { standing, total } = board
  if (standing === undefined) return null
  const shown = standing?.user ?? user
  const name = shown ? (
    <a href={link(`/users/${shown.id}`)}>
      <Name user={shown} />
    </a>
  ) : (
    text('boards.someone')
  )
  const contributions = standing ? text('contributions', { count: standing.count }) : ''
  const rank = standing && <strong>{formatters.number(standing.rank)}</strong>
  return (
    <p class="notice own-rank" role="status">
      {standing
        ? rich('boards.ranked', { name, rank, total, contributions })
        : rich('boards.unranked', { name })}
    </p>
  )
}

/** A count as a bar, relative to the count of the first place. */
const Bar = ({ count, largest }: { count: number; largest: number }) => (
  <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-track" width="100" height="4" />
    <rect class="bar-value" width={Math.max(1, (100 * count) / Math.max(1, largest))} height="4" />
  </svg>
)

interface EntriesProps extends PartProps {
  state: DashboardState
  caption: string
  /** What is counted. */
  counted: string
  /** The user whose row is marked. */
  around: number | undefined
  /** The count of the board's first place. */
  largest: number
}

const Entries = (props: EntriesProps) => {
  const { state, board, caption, counted, around, largest, formatters } = props
  const { text, person } = useTexts()
  return (
    <table class="board">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" class="numeric rank">
            {text('boards.rank')}
          </th>
          <th scope="col">{text('boards.contributor')}</th>
          <th scope="col" class="numeric count">
            {counted}
          </th>
        </tr>
      </thead>
      <tbody>
        {board.entries.map(({ rank, user, count, last_contribution_at: last }) => (
          <tr key={user.id} aria-current={user.id === around ? 'true' : undefined}>
            <td class="numeric rank">{formatters.number(rank)}</td>
            <th scope="row">
              <Person user={user} withUsername>
                {text('boards.latest', { day: formatters.dayAt(last) })}
              </Person>
            </th>
            <td class="numeric count">
              <a href={listBehind(user.id, state)}>
                {formatters.number(count)}
                <span class="visually-hidden">
                  {' '}
                  {counted}, {person(user)}
                </span>
              </a>
              <Bar count={count} largest={largest} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The address of the first page of the board, without a user in its middle. */
const firstPageOf = (state: DashboardState): DashboardState =>
  boardChange(state, { around: undefined, search: undefined, neighbours: neighbourCounts[0] })

const addressHere = (state: DashboardState): string => `${addressOf(state)}#leaderboards`

/** Leads back to the first page from one without entries, because it loads or its cursor is invalid. */
const FirstPage = ({ state }: { state: DashboardState }) => {
  const { text } = useTexts()
  return (
    <nav class="pages" aria-label={text('boards.pages')}>
      <a href={addressHere(firstPageOf(state))}>{text('pages.first')}</a>
    </nav>
  )
}

const Pages = ({ state, board }: Pick<PartProps, 'board'> & { state: DashboardState }) => {
  const { text } = useTexts()
  const whole = firstPageOf(state)
  const isFirstPage = state.cursor === undefined && board.standing === undefined
  if (isFirstPage && board.entries.length === 0) return null
  const previous = previousPageOf(state.cursor)
  const [first, last] = [board.entries[0]?.rank, board.entries.at(-1)?.rank]
  const contributors = text('contributors', { count: board.total })
  const next = board.next_cursor
  // Cursors lead on from the first page only. Around a user, the page grows instead.
  const more =
    board.standing && board.entries.length < board.total
      ? neighbourCounts.find((count) => count > state.neighbours)
      : undefined
  return (
    <nav class="pages" aria-label={text('boards.pages')}>
      <span class="soft">
        {first === undefined || last === undefined
          ? contributors
          : text(first === last ? 'boards.one-rank' : 'boards.ranks', { first, last, contributors })}
      </span>
      <span class="pages-links">
        {!isFirstPage && <a href={addressHere(whole)}>{text('pages.first')}</a>}
        {previous && <a href={addressHere({ ...whole, ...previous })}>{text('pages.previous')}</a>}
        {more !== undefined && (
          <a href={addressHere({ ...state, neighbours: more })}>
            {text('boards.more-neighbours', { count: more })}
          </a>
        )}
        {next !== null && (
          <a href={addressHere({ ...whole, cursor: next })} onClick={() => rememberPage(next, state.cursor)}>
            {text('pages.next')}
          </a>
        )}
      </span>
    </nav>
  )
}

interface BoardPanelProps {
  state: DashboardState
  view: QueryState<BoardView>
  title: string
  /** Why the board counts nothing with the page's filters. */
  uncounted: string | undefined
  formatters: Formatters
}

/** What a board counts, as the heading of its numbers: its type, or contributions of several types. */
const countedOn = (board: string, texts: Texts): string => {
  const [type, ...others] = boards.find((each) => each.board === board)?.types ?? []
  return type === undefined || others.length > 0 ? texts.text('totals.contributions') : texts.type(type).title
}

/** The result of a search, or a user's rank, entries and pages of the selected board. */
export const BoardPanel = ({ state, view, title, uncounted, formatters }: BoardPanelProps) => {
  const texts = useTexts()
  const { text } = texts
  const { body, problem } = view
  if (!body)
    return (
      <>
        {!problem && (
          <p class="waiting soft" aria-busy="true">
            {text('loading')}
          </p>
        )}
        {state.cursor !== undefined && <FirstPage state={state} />}
      </>
    )
  const { board, found, around, largest } = body
  if (!board) return found ? <SearchResults state={state} found={found} /> : null
  const first = board.entries[0]?.rank
  return (
    <>
      <p class="visually-hidden" role="status">
        {first !== undefined && text('boards.shown', { board: title, rank: first })}
      </p>
      <UserRank board={board} user={found?.users[0]} formatters={formatters} />
      {board.entries.length > 0 ? (
        <>
          <Entries
            state={state}
            caption={title}
            counted={countedOn(state.board, texts)}
            board={board}
            around={around}
            largest={largest}
            formatters={formatters}
          />
          <p class="soft">
            {text(isListExact(state) ? 'boards.list' : 'boards.list.more')} {text('boards.hidden')}
          </p>
        </>
      ) : (
        board.standing === undefined && <p class="waiting soft">{uncounted ?? text('boards.empty')}</p>
      )}
      <Pages state={state} board={board} />
    </>
  )
}
