import { nextInterval, parseDay } from '../../../contributions/calendar.ts'
import { responseTypes } from '../../../definitions/definitions.ts'
import type { ResponsesAnswer } from '../../api/answers.ts'
import { shadeAt } from '../../bars/patterns.tsx'
import { dayIn } from '../../formatters.ts'
import { responsesAt } from '../communityQueries.ts'
import { compare, median, share, sum } from '../comparison.ts'
import { Figures, figureText, type Figure } from './Figures.tsx'
import { Panel, type PanelProps } from './Panel.tsx'
import { comparedPhrase } from './phrases.ts'
import { TimeChart } from './TimeChart.tsx'

type Point = ResponsesAnswer['points'][number]

/** The possible outcomes of questions, from the zero line outwards. */
const fates = [
  { key: 'community.replies.in-24h', look: shadeAt('fate', 0) },
  { key: 'community.replies.in-72h', look: shadeAt('fate', 1) },
  { key: 'community.replies.later', look: shadeAt('fate', 2) },
  { key: 'community.replies.none', look: shadeAt('fate', 3) },
] as const

/** The share of questions with each outcome. */
const sharesOf = ({ questions, replied, replied_24h, replied_72h }: Point): number[] =>
  [replied_24h, replied_72h - replied_24h, replied - replied_72h, questions - replied].map(
    (part) => share(part, questions) ?? 0,
  )

/** Whether the site has a type for solutions. */
const hasSolutions = responseTypes?.solution !== undefined

type Count = 'questions' | 'replied' | 'replied_24h' | 'replied_72h' | 'solved'

/** A median of fewer replies says little. */
const repliesMin = 10

/** The figures for some points. */
const totalsOf = (points: readonly Point[]) => {
  const total = (count: Count): number => sum(points.map((point) => point[count] ?? 0))
  const part = (count: Count): number | undefined => share(total(count), total('questions'))
  return {
    questions: points.length === 0 ? undefined : total('questions'),
    within24: part('replied_24h'),
    within72: part('replied_72h'),
    wait:
      total('replied') < repliesMin * Math.max(1, points.length)
        ? undefined
        : median(points.flatMap(({ median_hours: hours }) => hours ?? [])),
    solved: part('solved'),
  }
}

/** How fast questions get their first reply, by the interval in which they were asked. */
export const Replies = ({ view, ...context }: PanelProps<ResponsesAnswer>) => {
  const { state, span, words } = context
  const { interval } = state
  const { formatters } = words
  const { text } = words.texts
  const content = ({ points, as_of: asOf }: ResponsesAnswer) => {
    const today = parseDay(dayIn(asOf, state.timeZone)) ?? 0
    const openOf = ({ date, open: count }: Point): string | undefined => {
      if (nextInterval(parseDay(date) ?? 0, interval) > today) return text('interval.open')
      return count > 0 ? text('community.replies.open', { count }) : undefined
    }
    const compared = compare(points, span, {
      isOver: (point) => openOf(point) === undefined,
      isActive: ({ questions }) => questions > 0,
    })
    const [now, before] = [totalsOf(compared.done), totalsOf(compared.before)]
    const names = {
      questions: text('community.replies.questions'),
      within72: text('community.replies.within-72h'),
      wait: text('community.replies.wait'),
      solved: text('community.replies.solved'),
    }
    const figures: Figure[] = [
      { name: names.questions, kind: 'count', now: now.questions, before: before.questions },
      {
        name: text('community.replies.within-24h'),
        kind: 'share',
        now: now.within24,
        before: before.within24,
      },
      { name: names.within72, kind: 'share', now: now.within72, before: before.within72 },
      {
        name: names.wait,
        kind: 'hours',
        now: now.wait,
        before: before.wait,
        missing:
          now.wait === undefined && compared.done.length > 0
            ? text('community.replies.few', { least: repliesMin })
            : undefined,
      },
      ...(hasSolutions
        ? [{ name: names.solved, kind: 'share' as const, now: now.solved, before: before.solved }]
        : []),
      {
        name: text('community.replies.open-now'),
        kind: 'count',
        now: sum(compared.shown.map(({ open }) => open)),
      },
    ]
    const solvedColumn = {
      heading: names.solved,
      text: ({ questions, solved }: Point) => figureText('share', share(solved ?? 0, questions), words),
    }
    const shared = { ...context, compared, openOf }
    return (
      <>
        <p class="soft small">
          {comparedPhrase(compared, interval, words)} {text('community.replies.explained')}
        </p>
        <Figures figures={figures} words={words} />
        <div class="charts">
          <TimeChart
            {...shared}
            id="replies-chart"
            label={text('community.replies.chart')}
            main={({ questions, replied_72h: replied }) => share(replied, questions)}
            kind="share"
            heading={names.within72}
            say={({ questions, replied_72h: replied }) =>
              text('community.replies.said', {
                share: figureText('share', share(replied, questions), words),
              })
            }
            series={fates.map(({ key, look }) => ({ name: text(key), look }))}
            sizes={sharesOf}
            top={1}
            more={[
              { heading: names.questions, text: ({ questions }) => formatters.number(questions) },
              ...(hasSolutions ? [solvedColumn] : []),
            ]}
          />
          <TimeChart
            {...shared}
            id="wait-chart"
            label={text('community.replies.wait.chart')}
            main={({ median_hours: hours }) => hours ?? undefined}
            kind="hours"
            heading={names.wait}
            say={({ median_hours: hours, replied: count }) =>
              text('community.replies.wait.said', { hours: figureText('hours', hours, words), count })
            }
            series={[{ name: names.wait, look: { color: 'var(--accent)', pattern: 0 } }]}
            sizes={({ median_hours: hours }) => [hours ?? 0]}
            more={[
              {
                heading: text('community.replies.wait.p90'),
                text: ({ p90_hours: hours }) => figureText('hours', hours, words),
              },
            ]}
          />
        </div>
      </>
    )
  }
  return (
    <Panel
      id="replies"
      title={text('community.replies.title')}
      note={text('community.replies.note')}
      data={responsesAt(span, state)}
      view={view}
      words={words}
      isEmpty={({ points }) => points.every(({ questions }) => questions === 0)}
    >
      {content}
    </Panel>
  )
}
