import { boards } from '../../definitions/definitions.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { QueryState } from '../api/useQuery.ts'
import { boardAddress, type BoardView } from '../dashboard/dashboardQueries.ts'
import { addressOf, boardChange, parametersOf, type DashboardState } from '../dashboard/dashboardState.ts'
import { Choices } from '../parts/Choices.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { windowPhrase, windows, windowTitle } from '../parts/titles.ts'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { BoardPanel } from './BoardPanel.tsx'
import { Search } from './Search.tsx'

interface BoardsProps {
  state: DashboardState
  view: QueryState<BoardView>
  formatters: Formatters
}

const addressHere = (state: DashboardState): string => `${addressOf(state)}#leaderboards`

const Windows = ({ state }: { state: DashboardState }) => {
  const texts = useTexts()
  return (
    <div class="controls">
      <Choices
        label="Leaderboard period"
        choices={windows.map((window) => ({
          name: windowTitle(window, texts),
          href: addressHere(boardChange(state, { window })),
          isChosen: state.window === window,
        }))}
      />
      <form class="dates" action="/#leaderboards" method="get" key={state.window}>
        <HiddenFields fields={parametersOf(state)} except={['window', 'cursor']} />
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
}

/** The leaderboards: which one, over which window, and who is on it. */
export const Boards = ({ state, view, formatters }: BoardsProps) => {
  const texts = useTexts()
  const board = boards.find((candidate) => candidate.board === state.board)
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
        <PanelHead
          level="h3"
          title={board?.title}
          note={`${board?.description ?? ''}, ${windowPhrase(state.window, texts)}`}
          data={boardAddress(state, view.body?.around ?? state.around)}
        />
        <Windows state={state} />
        {view.problem && <ErrorNotice problem={view.problem} />}
        <BoardPanel state={state} view={view} title={board?.title ?? ''} formatters={formatters} />
      </div>
    </section>
  )
}
