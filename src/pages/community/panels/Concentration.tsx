import type { CommunityAnswer } from '../../api/answers.ts'
import { useUncounted } from '../../parts/uncounted.ts'
import { communityAt } from '../communityQueries.ts'
import { compare, hasPeople, mean } from '../comparison.ts'
import { intervalName } from '../intervalNames.ts'
import { Figures, figureText } from './Figures.tsx'
import { Panel, type PanelProps } from './Panel.tsx'
import { comparedPhrase, ruleOf } from './phrases.ts'
import { TimeChart } from './TimeChart.tsx'

type Point = CommunityAnswer['points'][number]

const look = { color: 'var(--accent)', pattern: 0 }

const averageShare = (points: readonly Point[]): number | undefined =>
  mean(points.flatMap(({ top_share: topShare }) => topShare ?? []))

const averageFactor = (points: readonly Point[]): number | undefined =>
  mean(points.map(({ absence_factor: factor }) => factor))

interface MeaningProps extends Pick<PanelProps<CommunityAnswer>, 'state' | 'words'> {
  point: Point | undefined
}

/** Explains the two numbers of an interval. */
const Meaning = ({ point, state, words }: MeaningProps) => {
  if (!point || point.top_share === null) return null
  const { texts, formatters } = words
  return (
    <p>
      {texts.rich('community.few.meaning', {
        interval: intervalName(point.date, state.interval, words),
        share: <strong>{formatters.share(point.top_share)}</strong>,
        count: point.absence_factor,
        strong: (part) => <strong>{part}</strong>,
      })}
    </p>
  )
}

/** How much depends on the most active people. */
export const Concentration = ({ view, ...context }: PanelProps<CommunityAnswer>) => {
  const { state, span, words } = context
  const { text } = words.texts
  const uncounted = useUncounted(ruleOf(state.rule), state.locale)
  const names = { share: text('community.few.share'), factor: text('community.few.factor') }
  const content = ({ points }: CommunityAnswer) => {
    const compared = compare(points, span, { isOver: ({ complete }) => complete, isActive: hasPeople })
    const { done, before } = compared
    const shared = {
      ...context,
      compared,
      openOf: ({ complete }: Point) => (complete ? undefined : text('interval.open')),
    }
    return (
      <>
        <Meaning point={done.at(-1)} state={state} words={words} />
        <p class="soft small">
          {text(`community.average.${state.interval}`)} {comparedPhrase(compared, state.interval, words)}
        </p>
        {done.length > 0 && (
          <Figures
            figures={[
              { name: names.share, kind: 'share', now: averageShare(done), before: averageShare(before) },
              { name: names.factor, kind: 'count', now: averageFactor(done), before: averageFactor(before) },
            ]}
            words={words}
          />
        )}
        <div class="charts">
          <TimeChart
            {...shared}
            id="top-share-chart"
            label={text('community.few.share.chart')}
            main={({ top_share: topShare }) => topShare ?? undefined}
            kind="share"
            heading={names.share}
            say={({ top_share: topShare }) =>
              text('community.few.share.said', { share: figureText('share', topShare, words) })
            }
            series={[{ name: names.share, look }]}
            sizes={({ top_share: topShare }) => [topShare ?? 0]}
            top={1}
          />
          <TimeChart
            {...shared}
            id="absence-factor-chart"
            label={text('community.few.factor.chart')}
            main={({ absence_factor: factor }) => factor}
            kind="count"
            heading={names.factor}
            say={({ absence_factor: count }) => text('community.few.factor.said', { count })}
            series={[{ name: names.factor, look }]}
            sizes={({ absence_factor: factor }) => [factor]}
          />
        </div>
      </>
    )
  }
  return (
    <Panel
      id="concentration"
      title={text('community.few.title')}
      note={text('community.few.note')}
      data={communityAt(span, state)}
      view={view}
      words={words}
      isEmpty={({ points }) => points.every(({ contributions }) => contributions === 0)}
      emptyText={uncounted}
    >
      {content}
    </Panel>
  )
}
