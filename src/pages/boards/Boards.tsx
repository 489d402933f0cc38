import { boards } from '../../definitions/definitions.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { QueryState } from '../api/useQuery.ts'
import { wholeBoardAddress, type BoardView } from '../dashboard/dashboardQueries.ts'
import {
  addressOf,
  boardChange,
  defaultState,
  parametersOf,
  type DashboardState,
} from '../dashboard/dashboardState.ts'
import { recentPeriods } from '../dashboard/range.ts'
import { Choices } from '../parts/Choices.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { timePhrase, windows, windowTitle } from '../parts/titles.ts'
import { useUncounted } from '../parts/uncounted.ts'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { BoardPanel } from './BoardPanel.tsx'
import { Movers } from './Movers.tsx'
import { Search } from './Search.tsx'

interface BoardsProps {
  state: DashboardState
  /** The date in the page's time zone. */
  today: string
  view: QueryState<BoardView>
  formatters: Formatters
  go: (address: string) => void
}

const addressHere = (state: DashboardState): string => `${addressOf(state)}#leaderboards`

const Windows = ({ state, today }: Pick<BoardsProps, 'state' | 'today'>) => {
  const texts = useTexts()
  const { text, rich } = texts
  const { lastMonth, lastQuarter, thisYear, lastYear } = recentPeriods(today)
  const periods = [
    [text('boards.period.last-month'), lastMonth],
    [text('boards.period.last-quarter'), lastQuarter],
    [text('boards.period.this-year'), thisYear],
    [text('boards.period.last-year'), lastYear],
  ] as const
  const field = (
    <input
      id="window"
      class="short"
      name="window"
      inputMode="numeric"
      pattern="[1-9][0-9]{0,3}d?"
      title={text('boards.window.days')}
      aria-label={text('boards.window.days')}
      defaultValue={windows.includes(state.window) ? '' : state.window.replace('d', '')}
      placeholder="45"
      required
      autocomplete="off"
    />
  )
  return (
    <div class="controls">
      <Choices
        label={text('boards.window')}
        choices={windows.map((window) => ({
          name: windowTitle(window, texts),
          href: addressHere(boardChange(state, { window, period: undefined })),
          isChosen: state.period === undefined && state.window === window,
        }))}
      />
      <form class="dates" action="/#leaderboards" method="get" key={`${state.window} ${state.period}`}>
        <HiddenFields fields={parametersOf(state)} except={['window', 'period', 'cursor']} />
        <span class="inline-field">{rich('boards.window.other', { days: field })}</span>
        <button type="submit">{text('show')}</button>
      </form>
      <Choices
        label={text('boards.period')}
        choices={periods.map(([name, period]) => ({
          name,
          href: addressHere(boardChange(state, { window: defaultState.window, period })),
          isChosen: state.period === period,
        }))}
      />
    </div>
  )
}

/** The leaderboards: choices of board and window, and the selected board. */
export const Boards = ({ state, today, view, formatters, go }: BoardsProps) => {
  const texts = useTexts()
  const { text } = texts
  const { title, description } = texts.board(state.board)
  const rule = boards.find(({ board }) => board === state.board)
  const uncounted = useUncounted(rule, state.locale)
  const phrase = timePhrase(state, texts, formatters)
  return (
    <section id="leaderboards" class="boards" aria-labelledby="leaderboards-title">
      <div class="section-head">
        <h2 id="leaderboards-title">{text('boards.title')}</h2>
        <Search state={state} go={go} />
      </div>
      <Choices
        label={text('boards.title')}
        choices={boards.map(({ board }) => ({
          name: texts.board(board).title,
          href: addressHere(boardChange(state, { board })),
          isChosen: board === state.board,
        }))}
      />
      <div class="panel board-panel">
        <PanelHead
          level="h3"
          title={title}
          note={text('boards.note', { description, window: phrase })}
          data={wholeBoardAddress(state)}
          rows={view.body?.board?.total}
        />
        <Windows state={state} today={today} />
        {view.problem && (
          <ErrorNotice
            problem={view.problem}
            retry={view.retry}
            shown={view.body?.board && formatters.instant(view.body.board.as_of)}
          />
        )}
        <BoardPanel state={state} view={view} title={title} uncounted={uncounted} formatters={formatters} />
      </div>
      <Movers state={state} today={today} uncounted={uncounted} formatters={formatters} />
    </section>
  )
}
