import type { Formatters } from '../formatters.ts'
import { FilterField } from '../parts/FilterField.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { TimeZone } from '../parts/TimeZone.tsx'
import { useTexts } from '../texts/texts.ts'
import { addressOf, parametersOf, type DashboardState } from './dashboardState.ts'

interface FiltersProps {
  state: DashboardState
  formatters: Formatters
}

/** Filters every number of the page by product and locale, and selects the time zone of days. */
export const Filters = ({ state, formatters }: FiltersProps) => {
  const { text } = useTexts()
  const { product, locale } = state
  return (
    <form class="filters" action="/" method="get" aria-label={text('filters.label')}>
      <HiddenFields fields={parametersOf(state)} except={['product', 'locale', 'time_zone', 'cursor']} />
      <FilterField name="product" value={product} others={{ locale }} formatters={formatters} />
      <FilterField name="locale" value={locale} others={{ product }} formatters={formatters} />
      <p class="field">
        <label for="time-zone">{text('zone.label')}</label>
        <TimeZone id="time-zone" value={state.timeZone} />
      </p>
      <p class="field-buttons">
        <button type="submit">{text('filters.apply')}</button>
        {(product ?? locale) !== undefined && (
          <a href={addressOf({ ...state, product: undefined, locale: undefined, cursor: undefined })}>
            {text('filters.clear')}
          </a>
        )}
      </p>
    </form>
  )
}
