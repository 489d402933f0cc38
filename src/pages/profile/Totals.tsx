import { contributionTypes, type ContributionType } from '../../definitions/definitions.ts'
import type { UserAnswer } from '../api/answers.ts'
import type { Formatters } from '../formatters.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { Scrolled } from '../parts/Scrolled.tsx'
import { shareText } from '../parts/shareText.ts'
import { titleOf, windows as allWindows, windowTitle } from '../parts/titles.ts'
import { useTexts } from '../texts/texts.ts'
import { listAddress, type ProfileState } from './profileState.ts'

interface TotalsProps {
  user: UserAnswer
  state: ProfileState
  formatters: Formatters
}

interface RowProps extends TotalsProps {
  /** undefined for all types. */
  type: ContributionType | undefined
}

// The longest window comes first, so that a narrow screen shows the largest numbers.
const windows = allWindows.toReversed()

/** A count, with a link to the contributions behind it. */
const Count = ({ user, state, formatters, type, window }: RowProps & { window: string }) => {
  const texts = useTexts()
  const counts = window === 'all' ? user.lifetime : user.windows[window]
  const count = counts?.[type ?? 'total'] ?? 0
  if (count === 0) return <span class="none">0</span>
  const { period, product, locale } = state
  const isListed =
    type === state.type && window === state.window && (period ?? product ?? locale) === undefined
  return (
    <a href={listAddress(user.user.id, state, { type, window })} aria-current={isListed ? 'true' : undefined}>
      {formatters.number(count)}
      <span class="visually-hidden">
        {' '}
        {titleOf(type, texts)}, {windowTitle(window, texts)}
      </span>
    </a>
  )
}

/** The share of a type in all contributions, from 0 to 1; 0 for all types. */
const shareOf = ({ user, type }: Pick<RowProps, 'user' | 'type'>): number => {
  const { total } = user.lifetime
  return type === undefined || total === 0 ? 0 : (user.lifetime[type] ?? 0) / total
}

const Share = ({ part, shown }: { part: number; shown: string }) => {
  if (part === 0) return null
  return (
    <>
      {shown}
      <svg class="bar" aria-hidden="true">
        <rect class="bar-track" width="100%" height="4" rx="2" />
        <rect class="bar-value" width={`${(part * 100).toFixed(2)}%`} height="4" rx="2" />
      </svg>
    </>
  )
}

/** The day of the first or last contribution, with a link to the contributions of that day. */
const DayLink = ({ user, state, formatters, type, end }: RowProps & { end: 'first' | 'last' }) => {
  const { user: profile, first_contribution_at: first, last_contribution_at: last } = user
  const instant = type === undefined ? { first, last }[end] : user[end][type]
  if (typeof instant !== 'string') return <span class="none">–</span>
  return (
    <a href={listAddress(profile.id, state, { type, period: formatters.dateAt(instant) })}>
      <time dateTime={instant}>{formatters.dayAt(instant)}</time>
    </a>
  )
}

const Row = (props: RowProps) => {
  const texts = useTexts()
  const { type } = props
  const share = shareOf(props)
  const shown = shareText(share, props.formatters, texts)
  return (
    <tr class={type ? undefined : 'total'}>
      <th scope="row">
        {titleOf(type, texts)}
        {share > 0 && <span class="share-below soft">{shown}</span>}
      </th>
      <td class="numeric share">
        <Share part={share} shown={shown} />
      </td>
      {windows.map((window) => (
        <td key={window} class="numeric">
          <Count {...props} window={window} />
        </td>
      ))}
      <td class="numeric date">
        <DayLink {...props} end="first" />
      </td>
      <td class="numeric date">
        <DayLink {...props} end="last" />
      </td>
    </tr>
  )
}

/** A user's contributions by type and window, with shares, and the first and last contribution of each type. */
export const Totals = (props: TotalsProps) => {
  const texts = useTexts()
  const { text } = texts
  return (
    <section class="panel" aria-labelledby="totals">
      <PanelHead id="totals" title={text('totals.title')} note={text('totals.note')} />
      <Scrolled label={text('totals.label')}>
        <table class="totals">
          <thead>
            <tr>
              <th scope="col">{text('totals.contributions')}</th>
              <th scope="col" class="numeric share">
                {text('totals.share')}
              </th>
              {windows.map((window) => (
                <th key={window} scope="col" class="numeric">
                  {windowTitle(window, texts)}
                </th>
              ))}
              <th scope="col" class="numeric date">
                {text('totals.first')}
              </th>
              <th scope="col" class="numeric date">
                {text('totals.last')}
              </th>
            </tr>
          </thead>
          <tbody>
            {([undefined, ...contributionTypes] as const).map((type) => (
              <Row key={type} {...props} type={type} />
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  )
}
