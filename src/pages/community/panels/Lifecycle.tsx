import type { CommunityAnswer } from '../../api/answers.ts'
import { shadeAt } from '../../bars/patterns.tsx'
import { useUncounted } from '../../parts/uncounted.ts'
import { communityAt } from '../communityQueries.ts'
import { compare, hasPeople, mean } from '../comparison.ts'
import { Figures } from './Figures.tsx'
import { Panel, type PanelProps } from './Panel.tsx'
import { comparedPhrase, ruleOf, rulePhrase } from './phrases.ts'
import { TimeChart } from './TimeChart.tsx'

type Point = CommunityAnswer['points'][number]

/** The stages of the lifecycle, from the zero line outwards. */
const stages = [
  { stage: 'returning', look: shadeAt('stage', 0), isBelow: false },
  { stage: 'new', look: shadeAt('stage', 1), isBelow: false },
  { stage: 'resurrected', look: shadeAt('stage', 2), isBelow: false },
  { stage: 'dormant', look: shadeAt('stage', 3), isBelow: true },
] as const

/** The active people of each interval by stage, and below the zero line those who stopped being active. */
export const Lifecycle = ({ view, ...context }: PanelProps<CommunityAnswer>) => {
  const { state, span, words } = context
  const { text } = words.texts
  const uncounted = useUncounted(ruleOf(state.rule), state.locale)
  const content = ({ points }: CommunityAnswer) => {
    const compared = compare(points, span, { isOver: ({ complete }) => complete, isActive: hasPeople })
    const figure = (name: string, of: (point: Point) => number) => ({
      name,
      kind: 'count' as const,
      now: mean(compared.done.map(of)),
      before: mean(compared.before.map(of)),
    })
    const series = stages.map((stage) => ({ ...stage, name: text(`community.${stage.stage}`) }))
    return (
      <>
        <p class="soft small">
          {text(`community.average.${state.interval}`)} {comparedPhrase(compared, state.interval, words)}
        </p>
        {compared.done.length > 0 && (
          <Figures
            figures={[
              figure(text('community.active'), ({ active }) => active),
              ...series.map(({ stage, name }) => figure(name, (point) => point[stage])),
            ]}
            words={words}
          />
        )}
        <TimeChart
          {...context}
          id="active-people-chart"
          label={text('community.active.chart')}
          compared={compared}
          openOf={({ complete }) => (complete ? undefined : text('interval.open'))}
          main={({ active }) => active}
          kind="count"
          heading={text('community.active')}
          say={({ active: count }) => text('community.active.count', { count })}
          series={series}
          sizes={(point) => stages.map(({ stage }) => point[stage])}
        />
        <p class="soft small">{text('community.active.meaning')}</p>
      </>
    )
  }
  return (
    <Panel
      id="active-people"
      title={text('community.active.title')}
      note={rulePhrase(state.rule, words)}
      data={communityAt(span, state)}
      view={view}
      words={words}
      isEmpty={({ points }) => !points.some(hasPeople)}
      emptyText={uncounted}
    >
      {content}
    </Panel>
  )
}
