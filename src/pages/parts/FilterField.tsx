import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { formatDay } from '../../contributions/calendar.ts'
import type { VolumeAnswer } from '../api/answers.ts'
import { notLoaded, type ApiQuery } from '../api/fetchApi.ts'
import { useQuery } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'
import { queryString } from './queryString.ts'
import { TextField } from './TextField.tsx'

type FilterName = 'product' | 'locale'

/** The values of a filter by the number of contributions of the last year that have them. */
interface FilterValues {
  /** Most contributions first. */
  counted: { value: string; count: number }[]
  /** Whether every value is among them. */
  isWhole: boolean
}

/** The name of the volume series for all values without one of their own. */
const otherValues = '…'

/** The products or locales of the last year's contributions. The other filters are applied. */
const valuesOf = (field: FilterName, others: Record<string, string | undefined>): ApiQuery<FilterValues> => {
  const query = queryString({ group_by: field, interval: 'year', ...others })
  return {
    key: `values ${query}`,
    isScan: true,
    load: async (fetchApi) => {
      // Starts at a day's first instant, so that the address, and a cached answer, stays the same for a day.
      const from = formatDay(Math.floor(Date.now() / 86_400_000) - 364)
      const volume = await fetchApi<VolumeAnswer>(`/v1/volume${query}&from=${from}`)
      if (!volume.ok) return volume
      const { series } = volume.body
      const counted = series.flatMap(({ name, points }) => {
        const count = points.reduce((sum, { contributions }) => sum + contributions, 0)
        return name === null || name === '' || name === otherValues ? [] : [{ value: name, count }]
      })
      return { ok: true, body: { counted, isWhole: series.every(({ name }) => name !== otherValues) } }
    },
  }
}

const examples = { product: 'firefox', locale: 'en-US' } as const
const longest = { product: 64, locale: 35 } as const

/** How often the counts of products and locales are refreshed. */
const refreshSeconds = 600

interface FilterFieldProps {
  name: FilterName
  /** The chosen value; undefined for any. */
  value: string | undefined
  /** The page's other filters, as parameters of the API. What they select is counted. */
  others: Record<string, string | undefined>
  formatters: Formatters
}

/** The option that turns the select field into a text field. */
const typeAnother = otherValues

/**
 * Whether the reader is about to choose, so that the values are needed: the pointer or the focus is on the field. Where no
 * pointer hovers, they must be there before the reader taps it.
 */
const useInterest = () => {
  const [isWanted, setWanted] = useState(false)
  useEffect(() => {
    if (matchMedia('(hover: none)').matches) setWanted(true)
  }, [])
  const want = (): void => setWanted(true)
  return { isWanted, events: { onPointerEnter: want, onFocusIn: want } }
}

/**
 * Whether the field is for text: before the page has its script, and while the reader types a value. Typing ends when a value
 * is chosen, or when the reader leaves the text unchanged. The focus stays in the field when its kind changes.
 */
const useTyping = (name: FilterName, value: string | undefined) => {
  const [isTyping, setTyping] = useState(true)
  const takesFocus = useRef(false)
  const control = (): HTMLElement | null => document.getElementById(name)
  const type = (): void => {
    takesFocus.current = true
    setTyping(true)
  }
  const leave = (): void => {
    const field = control()
    const isUnchanged = field instanceof HTMLInputElement && field.value === field.defaultValue
    if (isUnchanged && field !== document.activeElement) setTyping(false)
  }
  // Readers can be in the field before the page has its script.
  useEffect(leave, [])
  const shown = useRef(value)
  useLayoutEffect(() => {
    if (shown.current === value) return
    shown.current = value
    takesFocus.current = document.activeElement === control()
    setTyping(false)
  }, [value])
  useLayoutEffect(() => {
    const field = control()
    if (takesFocus.current) field?.focus()
    if (takesFocus.current && field instanceof HTMLInputElement) field.select()
    takesFocus.current = false
  }, [isTyping])
  return { isTyping, type, leave }
}

/**
 * A filter of a form: a select field with the values and their counts, or a text field without script and for any other
 * value. The values need a scan of the log, so they are loaded only for a reader who is about to choose.
 */
export const FilterField = ({ name, value, others, formatters }: FilterFieldProps) => {
  const { text } = useTexts()
  const { isWanted, events } = useInterest()
  const { isTyping, type, leave } = useTyping(name, value)
  const query = isWanted ? valuesOf(name, others) : notLoaded
  const { body, problem } = useQuery<FilterValues>(query, undefined, refreshSeconds)
  const label = text(`filters.${name}`)
  if (isTyping)
    return (
      <TextField
        name={name}
        label={label}
        value={value}
        example={examples[name]}
        maxLength={longest[name]}
        onBlur={leave}
      />
    )
  const counted = body?.counted ?? []
  const nameOf = (each: string): string => (name === 'locale' ? formatters.locale(each) : each)
  const titleOf = (each: string, count: number): string => `${nameOf(each)}: ${formatters.number(count)}`
  const isListed = value === undefined || counted.some((each) => each.value === value)
  return (
    <p class="field" {...events}>
      <label for={name}>{label}</label>
      <select
        id={name}
        name={name}
        value={value ?? ''}
        title={text('filters.counts')}
        onChange={({ currentTarget }) => {
          if (currentTarget.value === typeAnother) type()
          else currentTarget.form?.requestSubmit()
        }}
      >
        <option value="">{text('filters.all')}</option>
        {!isListed && (
          <option value={value} selected>
            {body?.isWhole ? titleOf(value, 0) : nameOf(value)}
          </option>
        )}
        {counted.map((each) => (
          <option key={each.value} value={each.value} selected={each.value === value}>
            {titleOf(each.value, each.count)}
          </option>
        ))}
        {!body && <option disabled>{text(problem ? 'notice.not-loaded' : 'loading')}</option>}
        <option value={typeAnother}>{text('filters.other')}</option>
      </select>
    </p>
  )
}
