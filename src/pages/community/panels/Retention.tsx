import { formatDay } from '../../../contributions/calendar.ts'
import type { CohortsAnswer } from '../../api/answers.ts'
import { PanelHead } from '../../parts/PanelHead.tsx'
import { Scrolled } from '../../parts/Scrolled.tsx'
import { useUncounted } from '../../parts/uncounted.ts'
import { cohortsAt, cohortsMax } from '../communityQueries.ts'
import { compare, isCut, share, sum } from '../comparison.ts'
import { intervalName, type Words } from '../intervalNames.ts'
import type { CommunityInterval, Span } from '../range.ts'
import { Figures, type Figure } from './Figures.tsx'
import { Panel, type PanelProps } from './Panel.tsx'
import { ruleOf } from './phrases.ts'

type Cohort = CohortsAnswer['cohorts'][number]
type Cell = Cohort['retention'][number]

/** The numbers of intervals after which the figures show who stayed. */
const figureSteps: Record<CommunityInterval, readonly number[]> = {
  week: [1, 2, 4, 8],
  month: [1, 2, 3, 6],
  quarter: [1, 2, 4],
  year: [1, 2, 3],
}

/** The minimum number of people for which a share is meaningful. */
const peopleMin = 10

/** How many members were active `later` intervals later, of how many, in the cohorts for which that interval is over. */
const keptOf = (cohorts: readonly Cohort[], later: number): { active: number; people: number } => {
  const known = cohorts.filter(({ retention }) => retention[later]?.complete)
  return {
    active: sum(known.map(({ retention }) => retention[later]?.active ?? 0)),
    people: sum(known.map(({ size }) => size)),
  }
}

/** The share of these members; undefined if they are too few. */
const reliableShare = ({ active, people }: ReturnType<typeof keptOf>): number | undefined =>
  people < peopleMin ? undefined : share(active, people)

/** The class of a cell: darker the more people stayed, in steps of a tenth. */
const classOf = (part: number | null | undefined, isOpen: boolean): string => {
  const level = part === null || part === undefined ? '' : ` kept-${Math.ceil(part * 10)}`
  return `kept${level}${isOpen ? ' kept-open' : ''}`
}

interface KeptCellProps {
  cell: Cell
  /** Whether the cell has its share, in words and as a colour: not for few people, who would have the strongest colours. */
  hasShare: boolean
  words: Words
}

const KeptCell = ({ cell, hasShare, words }: KeptCellProps) => {
  const { active, share: part, complete } = cell
  const { texts, formatters } = words
  return (
    <td class={classOf(hasShare ? part : null, !complete)}>
      {part === null && '–'}
      {part !== null && !hasShare && formatters.number(active)}
      {part !== null && hasShare && (
        <>
          {formatters.wholeShare(part)} <span class="kept-count">{formatters.number(active)}</span>
        </>
      )}
      {!complete && <span class="visually-hidden"> {texts.text('interval.open')}</span>}
    </td>
  )
}

interface TriangleProps {
  cohorts: readonly Cohort[]
  interval: CommunityInterval
  start: Span['start']
  words: Words
}

/** The row for all cohorts together. */
const TotalRow = ({ cohorts, words: { texts, formatters } }: Omit<TriangleProps, 'interval' | 'start'>) => (
  <tr class="triangle-all">
    <th scope="row">{texts.text('community.retention.all')}</th>
    <td class="numeric">{formatters.number(sum(cohorts.map(({ size }) => size)))}</td>
    {cohorts.slice(1).map(({ date }, index) => {
      const kept = keptOf(cohorts, index + 1)
      const part = reliableShare(kept)
      return (
        <td key={date} class={classOf(part, false)}>
          {part === undefined ? (
            '–'
          ) : (
            <>
              {formatters.share(part)}{' '}
              <span class="kept-count">{texts.text('community.retention.of', kept)}</span>
            </>
          )}
        </td>
      )
    })}
  </tr>
)

/** A row for each cohort, with its people, and a column for each number of intervals since it began. */
const Triangle = ({ cohorts, interval, start, words }: TriangleProps) => {
  const { formatters } = words
  const { text } = words.texts
  const beganIn = ({ date }: Cohort): string =>
    interval === 'week' ? formatters.day(date) : intervalName(date, interval, words)
  return (
    <Scrolled label={text('community.retention.table')}>
      <table class="triangle">
        <caption class="visually-hidden">{text('community.retention.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">
              {text(interval === 'week' ? 'community.retention.week' : 'community.retention.began')}
            </th>
            <th scope="col" class="numeric">
              {text('community.retention.people')}
            </th>
            {cohorts.slice(1).map(({ date }, index) => (
              <th key={date} scope="col">
                {formatters.change(index + 1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <TotalRow cohorts={cohorts} words={words} />
          {cohorts.map((cohort) => (
            <tr key={cohort.date}>
              <th scope="row">
                {beganIn(cohort)}
                {start && isCut(cohort, start) && (
                  <span class="triangle-cut">{text('log.begins', { day: formatters.day(start.first) })}</span>
                )}
              </th>
              <td class={cohort.retention[0]?.complete ? 'numeric' : 'numeric kept-open'}>
                {formatters.number(cohort.size)}
                {!cohort.retention[0]?.complete && (
                  <span class="visually-hidden"> {text('interval.open')}</span>
                )}
              </td>
              {cohort.retention.slice(1).map((cell) => (
                <KeptCell key={cell.date} cell={cell} hasShare={cohort.size >= peopleMin} words={words} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  )
}

interface RetentionProps extends PanelProps<CohortsAnswer> {
  /** The first interval in which anyone was active, as far as is known. */
  firstActive: string | undefined
}

/** The people who began in each interval, and how many of them stayed. */
export const Retention = ({ view, firstActive, ...context }: RetentionProps) => {
  const { state, span, words } = context
  const { interval } = state
  const { text } = words.texts
  const uncounted = useUncounted(ruleOf(state.rule), state.locale)
  const head = { id: 'retention', title: text('community.retention.title') }
  if (span.count > cohortsMax)
    return (
      <section class="panel" id={head.id} aria-labelledby={`${head.id}-title`}>
        <PanelHead
          id={`${head.id}-title`}
          title={head.title}
          note={text('community.retention.too-many', { most: cohortsMax })}
        />
      </section>
    )
  const content = (body: CohortsAnswer) => {
    const { shown: cohorts, before } = compare(body.cohorts, span, {
      isOver: () => true,
      isActive: ({ date, size }) => size > 0 || (firstActive !== undefined && date >= firstActive),
    })
    const hasRead = body.cohorts.some(({ date }) => date < formatDay(span.from))
    const figures = figureSteps[interval]
      .filter((step) => cohorts.some(({ retention }) => retention[step]?.complete))
      .map((step): Figure => {
        const now = reliableShare(keptOf(cohorts, step))
        return {
          name: text('community.retention.later', {
            intervals: text(`interval.${interval}`, { count: step }),
          }),
          kind: 'share',
          now,
          before: reliableShare(keptOf(before, step)),
          missing: now === undefined ? text('community.retention.few', { least: peopleMin }) : undefined,
        }
      })
    return (
      <>
        {hasRead && (
          <p class="soft small">
            {text(before.length > 0 ? 'community.retention.compared' : 'community.retention.too-early')}
          </p>
        )}
        <Figures figures={figures} words={words} />
        <Triangle cohorts={cohorts} interval={interval} start={span.start} words={words} />
        <p class="soft small">{text('community.retention.explained', { least: peopleMin })}</p>
      </>
    )
  }
  return (
    <Panel
      {...head}
      note={text('community.retention.note')}
      data={cohortsAt(span, state)}
      view={view}
      words={words}
      isEmpty={({ cohorts }) => cohorts.every(({ size }) => size === 0)}
      emptyText={uncounted}
    >
      {content}
    </Panel>
  )
}
