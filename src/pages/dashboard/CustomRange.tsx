import type { SubmitEventHandler } from 'preact'
import { useState } from 'preact/hooks'
import { formatDay, parseDay } from '../../contributions/calendar.ts'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { useTexts } from '../texts/texts.ts'
import { parametersOf, type DashboardState } from './dashboardState.ts'
import { daysOf } from './range.ts'

type RangeProblem = 'history.range.missing' | 'history.range.reversed'

/** What is wrong with the two days of a form. */
const problemOf = (fields: FormData): RangeProblem | undefined => {
  const dayOf = (name: string): number | undefined => {
    const text = fields.get(name)
    return typeof text === 'string' ? parseDay(text) : undefined
  }
  const [start, end] = [dayOf('from'), dayOf('last')]
  if (start === undefined || end === undefined) return 'history.range.missing'
  return start > end ? 'history.range.reversed' : undefined
}

/** Selects a range by its first and its last day, and says beside them why a range cannot be shown. */
export const CustomRange = ({ state, today }: { state: DashboardState; today: string }) => {
  const { text } = useTexts()
  const [problem, setProblem] = useState<RangeProblem>()
  const { from, to } = daysOf(state.range, today)
  const isChosen = typeof state.range !== 'string'
  const check: SubmitEventHandler<HTMLFormElement> = (event) => {
    const found = problemOf(new FormData(event.currentTarget))
    setProblem(found)
    if (found) event.preventDefault()
  }
  const described = problem && { 'aria-invalid': true, 'aria-describedby': 'range-problem' }
  return (
    <form
      class={`dates${isChosen ? ' is-chosen' : ''}`}
      action="/"
      method="get"
      key={`${from} ${to}`}
      noValidate
      onSubmit={check}
    >
      <HiddenFields fields={parametersOf(state)} except={['range', 'from', 'last']} />
      <label for="from">{text('history.from')}</label>
      <input id="from" type="date" name="from" defaultValue={formatDay(from)} required {...described} />
      <label for="last">{text('history.to')}</label>
      <input id="last" type="date" name="last" defaultValue={formatDay(to - 1)} required {...described} />
      <button type="submit">{text('show')}</button>
      {problem && (
        <p id="range-problem" class="field-problem" role="alert">
          {text(problem)}
        </p>
      )}
    </form>
  )
}
