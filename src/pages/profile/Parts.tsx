import type { ContributionsAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { QueryState } from '../api/useQuery.ts'
import type { Formatters } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'
import { listAddress, type ProfileState } from './profileState.ts'

interface PartsProps {
  id: number
  state: ProfileState
  /** The number of all contributions of the list, if it is known. */
  count: number | undefined
  /** The newest contributions of the selected type and time. */
  newest: QueryState<ContributionsAnswer>
  /** Whether they load: not before the list is in view. */
  isLoading: boolean
  formatters: Formatters
}

type Field = 'product' | 'locale'

/** The maximum number of values listed by name. */
const namesMax = 8

/** Counts contributions by the value of a field: most first, then by name. */
const countParts = (
  contributions: readonly Record<Field, string>[],
  field: Field,
): [name: string, count: number][] =>
  [...Map.groupBy(contributions, (one) => one[field])]
    .map(([name, all]): [string, number] => [name, all.length])
    .toSorted(([one, most], [other, least]) => least - most || (one < other ? -1 : 1))

/** Tests whether a field of a contribution has a value; undefined matches any value. */
const has =
  (field: Field, value: string | undefined) =>
  (one: Record<Field, string>): boolean =>
    value === undefined || one[field] === value

interface FieldPartsProps extends PartsProps {
  field: Field
  contributions: readonly Record<Field, string>[]
}

/**
 * The values of a field with their counts. Each value links to the list of its contributions; the chosen value links to
 * the unfiltered list.
 */
const FieldParts = ({ id, state, formatters, field, contributions }: FieldPartsProps) => {
  const { text } = useTexts()
  const parts = countParts(contributions, field)
  const others = parts.slice(namesMax).reduce((sum, [, count]) => sum + count, 0)
  const { type, window, period, product, locale } = state
  const chosen = { product, locale }
  const titleOf = (name: string): string => {
    if (name === '') return text(field === 'product' ? 'parts.no-product' : 'parts.no-locale')
    return field === 'product' ? name : formatters.locale(name)
  }
  return (
    <div class="part">
      <h3>{text(field === 'product' ? 'parts.products' : 'parts.locales')}</h3>
      <ul>
        {parts.slice(0, namesMax).map(([name, count]) => {
          const isChosen = chosen[field] === name
          const change = { type, window, period, ...chosen, [field]: isChosen ? undefined : name }
          return (
            <li key={name}>
              <a href={listAddress(id, state, change)} aria-current={isChosen ? 'true' : undefined}>
                {titleOf(name)}
              </a>
              <span>
                {formatters.number(count)}{' '}
                <span class="soft">{formatters.share(count / contributions.length)}</span>
              </span>
              <svg class="bar" aria-hidden="true">
                <rect class="bar-track" width="100%" height="4" rx="2" />
                <rect
                  class="bar-value"
                  width={`${((100 * count) / contributions.length).toFixed(2)}%`}
                  height="4"
                  rx="2"
                />
              </svg>
            </li>
          )
        })}
        {others > 0 && (
          <li class="soft">
            <span>{text('parts.others', { count: parts.length - namesMax })}</span>
            <span>{formatters.number(others)}</span>
          </li>
        )}
      </ul>
    </div>
  )
}

/**
 * The products and locales of the selected contributions, or of the newest ones if there are many. Products are counted
 * within the chosen locale, and locales within the chosen product, so that each number equals the length of the list it
 * links to.
 */
export const Parts = (props: PartsProps) => {
  const { text } = useTexts()
  const { body, problem, retry } = props.newest
  if (!body)
    return problem ? (
      <ErrorNotice problem={problem} retry={retry} shown={undefined} />
    ) : (
      <p class="parts-waiting waiting soft" aria-busy={props.isLoading}>
        {props.isLoading && text('loading')}
      </p>
    )
  const { contributions, next_cursor: next } = body
  if (contributions.length === 0) return null
  const { product, locale } = props.state
  return (
    <div class="parts">
      {next !== null && (
        <p>
          {props.count === undefined
            ? text('parts.newest', { count: contributions.length })
            : text('parts.newest-of', { count: contributions.length, all: props.count })}
        </p>
      )}
      <FieldParts {...props} field="product" contributions={contributions.filter(has('locale', locale))} />
      <FieldParts {...props} field="locale" contributions={contributions.filter(has('product', product))} />
    </div>
  )
}
