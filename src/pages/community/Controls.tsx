import { metrics } from '../../definitions/definitions.ts'
import { Choices } from '../parts/Choices.tsx'
import type { Formatters } from '../formatters.ts'
import { FilterField } from '../parts/FilterField.tsx'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { RangeForm } from '../parts/RangeForm.tsx'
import { TextField } from '../parts/TextField.tsx'
import { TimeZone } from '../parts/TimeZone.tsx'
import { useTexts } from '../texts/texts.ts'
import { communityAddress, defaultState, parametersOf, type CommunityState } from './communityState.ts'
import { communityIntervals, fits, intervalsMax, rangeChoices, type Span } from './range.ts'

interface ControlsProps {
  state: CommunityState
  span: Span
  formatters: Formatters
}

/** Selects the metric whose rule defines what counts as activity. */
const RuleField = ({ rule }: { rule: string }) => {
  const { text, metric: named } = useTexts()
  return (
    <p class="field">
      <label for="rule">{text('community.activity')}</label>
      <select
        id="rule"
        name="rule"
        value={rule}
        onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
      >
        {metrics.map(({ metric }) => (
          <option key={metric} value={metric} selected={metric === rule}>
            {named(metric).title}
          </option>
        ))}
      </select>
    </p>
  )
}

/** Filters every number of the page, and selects what counts as activity and the time zone of the intervals. */
const Filters = ({ state, formatters }: Omit<ControlsProps, 'span'>) => {
  const { text } = useTexts()
  const { rule, product, locale, group, timeZone } = state
  const isFiltered = (product ?? locale ?? group) !== undefined
  return (
    <form class="filters" action="/community" method="get" aria-label={text('filters.label')}>
      <HiddenFields
        fields={parametersOf(state)}
        except={['rule', 'product', 'locale', 'group', 'time_zone']}
      />
      <RuleField rule={rule} />
      <FilterField name="product" value={product} others={{ locale, group }} formatters={formatters} />
      <FilterField name="locale" value={locale} others={{ product, group }} formatters={formatters} />
      <TextField
        key={group}
        name="group"
        label={text('filters.group')}
        value={group}
        example="staff"
        maxLength={64}
      />
      <p class="field">
        <label for="time-zone">{text('zone.label')}</label>
        <TimeZone id="time-zone" value={timeZone} />
      </p>
      <p class="field-buttons">
        <button type="submit">{text('filters.apply')}</button>
        {isFiltered && (
          <a href={communityAddress({ ...state, product: undefined, locale: undefined, group: undefined })}>
            {text('filters.clear')}
          </a>
        )}
      </p>
    </form>
  )
}

const Intervals = ({ state }: { state: CommunityState }) => {
  const { text } = useTexts()
  return (
    <Choices
      label={text('interval')}
      choices={communityIntervals.map((interval) => ({
        name: text(`interval.each.${interval}`),
        href: communityAddress({
          ...state,
          interval,
          range: typeof state.range === 'number' ? defaultState.range : state.range,
        }),
        isChosen: state.interval === interval,
        unavailable: fits(state.range, interval)
          ? undefined
          : text('interval.too-many', { most: intervalsMax }),
      }))}
    />
  )
}

const Ranges = ({ state }: { state: CommunityState }) => {
  const { text } = useTexts()
  return (
    <Choices
      label={text('range')}
      choices={rangeChoices[state.interval].map((count) => ({
        name: text(`interval.${state.interval}`, { count }),
        href: communityAddress({ ...state, range: count }),
        isChosen: state.range === count,
      }))}
    />
  )
}

/** Selects what the page shows: filters, interval and range. Ranges of days are extended to whole intervals. */
export const Controls = ({ state, span, formatters }: ControlsProps) => (
  <>
    <Filters state={state} formatters={formatters} />
    <div class="controls">
      <Intervals state={state} />
      <Ranges state={state} />
      <RangeForm
        action="/community"
        fields={parametersOf(state)}
        from={span.from}
        to={span.to}
        isChosen={typeof state.range !== 'number'}
      />
    </div>
  </>
)
