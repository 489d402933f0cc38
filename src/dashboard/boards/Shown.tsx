import type { Profile } from '../../contributions/user.ts'
import type { BoardAnswer } from '../asking/answers.ts'
import type { Known } from '../asking/useAnswer.ts'
import { Name } from '../parts/Person.tsx'
import { addressOf, boardChange, type DashboardState } from '../overview/state.ts'
import type { ShownBoard } from '../overview/load.ts'
import type { Writer } from '../writing.ts'
import { BoardTable } from './BoardTable.tsx'
import { Found } from './Search.tsx'

interface ShownProps {
  state: DashboardState
  shown: Known<ShownBoard>
  title: string
  writer: Writer
}

interface StandingProps {
  board: BoardAnswer
  /** Who was searched for; undefined when only an id was given. */
  user: Profile | undefined
  writer: Writer
}

/** Where a user stands on a board, or that they do not. */
const Standing = ({ board: { standing, total }, user, writer }: StandingProps) => {
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
          has rank <strong>{writer.number(standing.rank)}</strong> of {writer.number(total)}, with{' '}
          {writer.number(standing.count)} contributions
        </>
      ) : (
        'is not on this board: nothing of theirs counts on it in this time, or they are not shown on boards'
      )}
    </p>
  )
}

const Pages = ({ state, board, writer }: { state: DashboardState; board: BoardAnswer; writer: Writer }) => {
  const [first, last] = [board.entries[0], board.entries.at(-1)]
  const whole = boardChange(state, { around: undefined, search: undefined })
  const isBeginning = state.cursor === undefined && board.standing === undefined
  return (
    <nav class="pages" aria-label="Pages of the leaderboard">
      <span class="soft">
        {first && last && `Ranks ${writer.number(first.rank)} to ${writer.number(last.rank)}, `}
        {writer.number(board.total)} contributors in all
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
export const Shown = ({ state, shown: { body, isCurrent, refused }, title, writer }: ShownProps) => {
  if (!body) return refused ? null : <p class="waiting soft">Reading the log…</p>
  const { board, found, around } = body
  if (!board) return <Found state={state} found={found ?? []} />
  return (
    <>
      <p class="visually-hidden" role="status">
        {isCurrent && `${title}, from rank ${board.entries[0]?.rank ?? 0}`}
      </p>
      <Standing board={board} user={found?.[0]} writer={writer} />
      {board.entries.length > 0 ? (
        <BoardTable
          caption={title}
          entries={board.entries}
          around={around}
          isBusy={!isCurrent}
          writer={writer}
        />
      ) : (
        board.standing === undefined && (
          <p class="waiting soft">
            Nobody has contributed what this board counts, in this time and with these filters
          </p>
        )
      )}
      <Pages state={state} board={board} writer={writer} />
    </>
  )
}
