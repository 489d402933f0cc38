import { boards } from '../../contributions/definitions.ts'
import { formatWindowLength, standardWindows } from '../../contributions/window.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { Known } from '../api/useAnswer.ts'
import { boardAddress, type ShownBoard } from '../overview/load.ts'
import { addressOf, boardChange, parametersOf, type DashboardState } from '../overview/state.ts'
import { Choices } from '../parts/Choices.tsx'
import { Hidden } from '../parts/Hidden.tsx'
import { windowTitle } from '../parts/titles.ts'
import type { Formatters } from '../formatters.ts'
import { BoardPanel } from './BoardPanel.tsx'
import { Search } from './Search.tsx'

interface BoardsProps {
  state: DashboardState
  shown: Known<ShownBoard>
  formatters: Formatters
}

const windows = [...standardWindows.map((days) => formatWindowLength(days)), 'all']

const addressHere = (state: DashboardState): string => `${addressOf(state)}#leaderboards`

const Windows = ({ state }: { state: DashboardState }) => (
  <div class="controls">
    <Choices
      label="Time that the leaderboard counts"
      choices={windows.map((window) => ({
        name: windowTitle(window),
        href: addressHere(boardChange(state, { window })),
        isChosen: state.window === window,
      }))}
    />
    <form class="dates" action="/#leaderboards" method="get" key={state.window}>
      <Hidden fields={parametersOf(state)} except={['window', 'cursor']} />
      <label for="window">or the last</label>
      <input
        id="window"
        class="short"
        name="window"
        inputMode="numeric"
        pattern="[1-9][0-9]{0,3}d?"
        title="1 to 3660 days"
        defaultValue={windows.includes(state.window) ? '' : state.window.replace('d', '')}
        placeholder="45"
        required
        autocomplete="off"
      />
      <span>days</span>
      <button type="submit">Show</button>
    </form>
  </div>
)

/** The leaderboards: which, over what time, and who is on them. */
export const Boards = ({ state, shown, formatters }: BoardsProps) => {
  const board = boards.find((candidate) => candidate.board === state.board)
  const { path, query } = boardAddress(state, shown.body?.around ?? state.around)
  return (
    <section id="leaderboards" class="boards" aria-labelledby="leaderboards-title">
      <div class="section-head">
        <h2 id="leaderboards-title">Leaderboards</h2>
        <Search state={state} />
      </div>
      <Choices
        label="Leaderboards"
        choices={boards.map((candidate) => ({
          name: candidate.title,
          href: addressHere(boardChange(state, { board: candidate.board })),
          isChosen: candidate.board === state.board,
        }))}
      />
      <div class="panel">
        <div class="panel-head">
          <div>
            <h3>{board?.title}</h3>
            <p class="soft">
              {board?.description},{' '}
              {state.window === 'all' ? 'in all time' : `in the last ${windowTitle(state.window)}`}
            </p>
          </div>
          <a class="download" href={`${path}.csv${query}`} download>
            CSV
          </a>
        </div>
        <Windows state={state} />
        {shown.refused && <ErrorNotice refused={shown.refused} />}
        <BoardPanel state={state} shown={shown} title={board?.title ?? ''} formatters={formatters} />
      </div>
    </section>
  )
}
