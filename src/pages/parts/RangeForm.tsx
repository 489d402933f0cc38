import type { SubmitEventHandler } from 'preact'
import { useState } from 'preact/hooks'
import { formatDay, parseDay, type DayNumber } from '../../contributions/calendar.ts'
import { useTexts } from '../texts/texts.ts'
import { HiddenFields } from './HiddenFields.tsx'

interface RangeFormProps {
  /** The path of the page. */
  action: string
  /** The parameters that the form keeps. */
  fields: Record<string, string>
  /** The range shown, `[from, to)`. */
  from: DayNumber
  to: DayNumber
  /** Whether the range was selected here. */
  isChosen: boolean
}

type RangeProblem = 'range.missing' | 'range.reversed'

/** The problem with the two days of a form, if any. */
const problemOf = (fields: FormData): RangeProblem | undefined => {
  const dayOf = (name: string): number | undefined => {
    const text = fields.get(name)
    return typeof text === 'string' ? parseDay(text) : undefined
  }
  const [start, end] = [dayOf('from'), dayOf('last')]
  if (start === undefined || end === undefined) return 'range.missing'
  return start > end ? 'range.reversed' : undefined
}

/** Selects a range by its first and last day, and says why a range cannot be shown. */
export const RangeForm = ({ action, fields, from, to, isChosen }: RangeFormProps) => {
  const { text } = useTexts()
  const [problem, setProblem] = useState<RangeProblem>()
  const check: SubmitEventHandler<HTMLFormElement> = (event) => {
    const found = problemOf(new FormData(event.currentTarget))
    setProblem(found)
    if (found) event.preventDefault()
  }
  const described = problem && { 'aria-invalid': true, 'aria-describedby': 'range-problem' }
  return (
    <form
      class={`dates${isChosen ? ' is-chosen' : ''}`}
      action={action}
      method="get"
      noValidate
      onSubmit={check}
    >
      <HiddenFields fields={fields} except={['range', 'intervals', 'from', 'last']} />
      <span class="inline-field">
        <label for="from">{text('range.from')}</label>
        <input
          key={from}
          id="from"
          type="date"
          name="from"
          defaultValue={formatDay(from)}
          required
          {...described}
        />
      </span>
      <span class="inline-field">
        <label for="last">{text('range.to')}</label>
        <input
          key={to}
          id="last"
          type="date"
          name="last"
          defaultValue={formatDay(to - 1)}
          required
          {...described}
        />
      </span>
      <button type="submit">{text('show')}</button>
      {problem && (
        <p id="range-problem" class="field-problem" role="alert">
          {text(problem)}
        </p>
      )}
    </form>
  )
}
