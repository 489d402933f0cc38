import { useQuery } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { TextField } from '../parts/TextField.tsx'
import { TimeZone } from '../parts/TimeZone.tsx'
import { useTexts } from '../texts/texts.ts'
import { valuesOf } from './dashboardQueries.ts'
import { addressOf, parametersOf, type DashboardState } from './dashboardState.ts'

type FilterName = 'product' | 'locale'

interface FilterProps {
  name: FilterName
  state: DashboardState
  formatters: Formatters
}

const examples = { product: 'firefox', locale: 'en-US' } as const
const longest = { product: 64, locale: 35 } as const

/** How often the counts of products and locales are refreshed. */
const refreshSeconds = 600

/** A select field with a filter's values and their counts; a text field while these are not known. */
const Filter = ({ name, state, formatters }: FilterProps) => {
  const { text } = useTexts()
  const { body } = useQuery(valuesOf(name, state), undefined, refreshSeconds)
  const chosen = state[name] ?? ''
  const label = text(`filters.${name}`)
  if (!body)
    return (
      <TextField
        name={name}
        label={label}
        value={state[name]}
        example={examples[name]}
        maxLength={longest[name]}
      />
    )
  const values =
    body.some(({ value }) => value === chosen) || chosen === ''
      ? body
      : [{ value: chosen, count: 0 }, ...body]
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <select
        id={name}
        name={name}
        value={chosen}
        title={text('filters.counts')}
        onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
      >
        <option value="">{text('filters.all')}</option>
        {values.map(({ value, count }) => (
          <option key={value} value={value} selected={value === chosen}>
            {`${value} (${formatters.number(count)})`}
          </option>
        ))}
      </select>
    </p>
  )
}

interface FiltersProps {
  state: DashboardState
  formatters: Formatters
}

/** Filters every number of the page by product and locale, and selects the time zone of days. */
export const Filters = ({ state, formatters }: FiltersProps) => {
  const { text } = useTexts()
  return (
    <form
      class="filters"
      action="/"
      method="get"
      aria-label={text('filters.label')}
      key={`${state.product} ${state.locale}`}
    >
      <HiddenFields fields={parametersOf(state)} except={['product', 'locale', 'time_zone', 'cursor']} />
      <Filter name="product" state={state} formatters={formatters} />
      <Filter name="locale" state={state} formatters={formatters} />
      <p class="field">
        <label for="time-zone">{text('zone.label')}</label>
        <TimeZone id="time-zone" value={state.timeZone} />
      </p>
      <p class="field-buttons">
        <button type="submit">{text('filters.apply')}</button>
        {(state.product ?? state.locale) !== undefined && (
          <a href={addressOf({ ...state, product: undefined, locale: undefined, cursor: undefined })}>
            {text('filters.clear')}
          </a>
        )}
      </p>
    </form>
  )
}
