import { HiddenFields } from '../parts/HiddenFields.tsx'
import { TextField } from '../parts/TextField.tsx'
import { TimeZone } from '../parts/TimeZone.tsx'
import { addressOf, parametersOf, type DashboardState } from './dashboardState.ts'

/** Filters every number of the page by product and locale, and selects the time zone that days are counted in. */
export const Filters = ({ state }: { state: DashboardState }) => (
  <form class="filters" action="/" method="get" aria-label="Filters" key={`${state.product} ${state.locale}`}>
    <HiddenFields fields={parametersOf(state)} except={['product', 'locale', 'time_zone', 'cursor']} />
    <TextField name="product" label="Product" value={state.product} example="firefox" maxLength={64} />
    <TextField name="locale" label="Locale" value={state.locale} example="en-US" maxLength={35} />
    <p class="field">
      <label for="time-zone">Time zone</label>
      <TimeZone id="time-zone" value={state.timeZone} />
    </p>
    <p class="field-buttons">
      <button type="submit">Apply</button>
      {(state.product ?? state.locale) !== undefined && (
        <a href={addressOf({ ...state, product: undefined, locale: undefined, cursor: undefined })}>Clear</a>
      )}
    </p>
  </form>
)
