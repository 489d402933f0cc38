import type { Profile } from '../../contributions/user.ts'
import type { BoardAnswer } from '../api/answers.ts'
import type { Known } from '../api/useAnswer.ts'
import { Name } from '../parts/Person.tsx'
import { addressOf, boardChange, type DashboardState } from '../overview/state.ts'
import type { ShownBoard } from '../overview/load.ts'
import type { Formatters } from '../formatters.ts'
import { BoardTable } from './BoardTable.tsx'
import { Found } from './Search.tsx'

interface ShownProps {
  state: DashboardState
  shown: Known<ShownBoard>
  title: string
  formatters: Formatters
}

interface StandingProps {
  board: BoardAnswer
  /** Who was searched for; undefined when only an id was given. */
  user: Profile | undefined
  formatters: Formatters
}

/** Where a user stands on a board, or that they do not. */
const Standing = ({ board: { standing, total }, user, formatters }: StandingProps) => {
  if (standing === undefined) return null
  const shown = standing?.user ?? user
  const name = shown ? (
    <a href={`/users/${shown.id}`}>
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
          has rank <strong>{formatters.number(standing.rank)}</strong> of {formatters.number(total)}, with{' '}
          {formatters.number(standing.count)} contributions
        </>
      ) : (
        'is not on this board: nothing of theirs counts on it in this time, or they are not shown on boards'
      )}
    </p>
  )
}

const Pages = ({
  state,
  board,
  formatters,
}: {
  state: DashboardState
  board: BoardAnswer
  formatters: Formatters
}) => {
  const [first, last] = [board.entries[0], board.entries.at(-1)]
  const whole = boardChange(state, { around: undefined, search: undefined })
  const isBeginning = state.cursor === undefined && board.standing === undefined
  return (
    <nav class="pages" aria-label="Pages of the leaderboard">
      <span class="soft">
        {first && last && `Ranks ${formatters.number(first.rank)} to ${formatters.number(last.rank)}, `}
        {formatters.number(board.total)} contributors in all
      </span>
      <span class="pages-links">
        {!isBeginning && <a href={`${addressOf(whole)}#leaderboards`}>From the top</a>}
        {board.next_cursor !== null && (
          <a href={`${addressOf({ ...whole, cursor: board.next_cursor })}#leaderboards`}>Next page</a>
        )}
      </span>
    </nav>
  )
}

/** What a board's question came to: a search's outcome, a standing, entries, pages. */
export const BoardPanel = ({ state, shown: { body, isCurrent, refused }, title, formatters }: ShownProps) => {
  if (!body) return refused ? null : <p class="waiting soft">Reading the log…</p>
  const { board, found, around } = body
  if (!board) return <Found state={state} found={found ?? []} />
  return (
    <>
      <p class="visually-hidden" role="status">
        {isCurrent && `${title}, from rank ${board.entries[0]?.rank ?? 0}`}
      </p>
      <Standing board={board} user={found?.[0]} formatters={formatters} />
      {board.entries.length > 0 ? (
        <BoardTable
          caption={title}
          entries={board.entries}
          around={around}
          isBusy={!isCurrent}
          formatters={formatters}
        />
      ) : (
        board.standing === undefined && (
          <p class="waiting soft">
            Nobody has contributed what this board counts, in this time and with these filters
          </p>
        )
      )}
      <Pages state={state} board={board} formatters={formatters} />
    </>
  )
}
