import { boards } from '../../definitions/definitions.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { QueryState } from '../api/useQuery.ts'
import { wholeBoardAddress, type BoardView } from '../dashboard/dashboardQueries.ts'
import { addressOf, boardChange, parametersOf, type DashboardState } from '../dashboard/dashboardState.ts'
import { recentPeriods } from '../dashboard/range.ts'
import { Choices } from '../parts/Choices.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { filteredNote, lastTitle, periodTitle, timePhrase, windows } from '../parts/titles.ts'
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

/** Selects the time that a board counts: a window up to now, or a calendar period. */
const TimeField = ({ state, today, formatters }: Pick<BoardsProps, 'state' | 'today' | 'formatters'>) => {
  const texts = useTexts()
  const { text } = texts
  const { lastMonth, lastQuarter, thisYear, lastYear } = recentPeriods(today)
  const calendar: [period: string, name: string][] = [
    [lastMonth, text('boards.period.last-month')],
    [lastQuarter, text('boards.period.last-quarter')],
    [thisYear, text('boards.period.this-year')],
    [lastYear, text('boards.period.last-year')],
  ]
  const chosen = state.period ?? state.window
  const titleOf = (period: string): string => periodTitle(period, texts, formatters)
  const others = state.period === undefined || calendar.some(([period]) => period === chosen) ? [] : [chosen]
  const option = (value: string, name: string) => (
    <option key={value} value={value} selected={value === chosen}>
      {name}
    </option>
  )
  return (
    <form class="dates" action="/#leaderboards" method="get">
      <HiddenFields fields={parametersOf(state)} except={['window', 'period', 'cursor']} />
      <label for="period">{text('boards.time')}</label>
      <select
        id="period"
        name="period"
        value={chosen}
        onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
      >
        <optgroup label={text('boards.time.window')}>
          {[...new Set([...windows, state.window])].map((window) => option(window, lastTitle(window, texts)))}
        </optgroup>
        <optgroup label={text('boards.time.calendar')}>
          {calendar.map(([period, name]) => option(period, `${name} (${titleOf(period)})`))}
          {others.map((period) => option(period, titleOf(period)))}
        </optgroup>
      </select>
      <noscript>
        <button type="submit">{text('show')}</button>
      </noscript>
    </form>
  )
}

/** Selects a window of any number of days. */
const DaysField = ({ state }: Pick<BoardsProps, 'state'>) => {
  const { text, rich } = useTexts()
  const isOwn = windows.includes(state.window)
  const field = (
    <input
      key={`${state.window} ${state.period}`}
      id="window"
      class="short"
      name="window"
      inputMode="numeric"
      pattern="[1-9][0-9]{0,3}d?"
      title={text('boards.window.days')}
      aria-label={text('boards.window.days')}
      defaultValue={isOwn ? '' : state.window.replace('d', '')}
      placeholder="45"
      required
      autocomplete="off"
    />
  )
  return (
    <details class="more-times">
      <summary>{text('boards.time.other')}</summary>
      <form class="dates" action="/#leaderboards" method="get">
        <HiddenFields fields={parametersOf(state)} except={['window', 'period', 'cursor']} />
        <span class="inline-field">{rich('boards.window.other', { days: field })}</span>
        <button type="submit">{text('show')}</button>
      </form>
    </details>
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
      <section class="panel board-panel" aria-labelledby="board-title">
        <PanelHead
          id="board-title"
          level="h3"
          title={title}
          note={filteredNote(text('boards.note', { description, window: phrase }), state, formatters)}
          data={wholeBoardAddress(state)}
          rows={view.body?.board?.total}
        />
        <div class="controls">
          <TimeField state={state} today={today} formatters={formatters} />
          <DaysField state={state} />
        </div>
        {view.problem && (
          <ErrorNotice
            problem={view.problem}
            retry={view.retry}
            shown={view.body?.board && formatters.instant(view.body.board.as_of)}
          />
        )}
        <BoardPanel state={state} view={view} title={title} uncounted={uncounted} formatters={formatters} />
      </section>
      <Movers state={state} today={today} uncounted={uncounted} formatters={formatters} />
    </section>
  )
}
