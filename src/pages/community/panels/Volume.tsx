import { contributionTypes, typeDefinition } from '../../../definitions/definitions.ts'
import { lookAt, type Look } from '../../bars/patterns.tsx'
import { Choices } from '../../parts/Choices.tsx'
import { Scrolled } from '../../parts/Scrolled.tsx'
import { volumeAt } from '../communityQueries.ts'
import { communityAddress, splits, type CommunityState, type Split } from '../communityState.ts'
import { compare, mean, share, sum } from '../comparison.ts'
import type { Words } from '../intervalNames.ts'
import { otherNames, volumeRules, type VolumeView } from '../volumeView.ts'
import { Change, Figures, figureText } from './Figures.tsx'
import { Panel, type PanelProps } from './Panel.tsx'
import { comparedPhrase } from './phrases.ts'
import { TimeChart } from './TimeChart.tsx'

const isType = (name: string, split: Split): boolean => split === 'type' && contributionTypes.includes(name)

/** The title of a series; null and `otherNames` stand for all others. */
const titleOf = (name: string | null, split: Split, { texts, formatters }: Words): string => {
  if (name === null || name === otherNames) return texts.text('community.volume.others')
  if (isType(name, split)) return texts.type(name).title
  if (name === '') return texts.text('community.volume.none')
  return split === 'locale' ? formatters.locale(name) : name
}

const othersPattern = 6

/** The look of a series. A type always looks the same: it has a pattern, and the colours that the site defines. */
const lookOf = (name: string | null, index: number, split: Split): Look => {
  if (name === null || !isType(name, split)) return lookAt(name === null ? othersPattern : index)
  const { light, dark } = typeDefinition(name).color
  const { pattern } = lookAt(contributionTypes.indexOf(name) % othersPattern)
  return { pattern, color: `light-dark(${light}, ${dark})` }
}

const SplitChoices = ({ state, words: { texts } }: { state: CommunityState; words: Words }) => (
  <Choices
    label={texts.text('community.volume.split')}
    choices={splits.map((split) => ({
      name: texts.text(`community.volume.by-${split}`),
      href: `${communityAddress({ ...state, split })}#contributions`,
      isChosen: state.split === split,
    }))}
  />
)

interface TotalsProps {
  totals: VolumeView['totals']
  split: Split
  words: Words
}

/** Every name with its contributions, most first, compared with the previous period. */
const Totals = ({ totals, split, words }: TotalsProps) => {
  const { texts, formatters } = words
  const { text } = texts
  const all = sum(totals.map(({ now }) => now))
  const heading = text(`community.volume.by-${split}`)
  const isCompared = totals.some(({ before }) => before !== undefined)
  return (
    <Scrolled label={text('community.volume.table')}>
      <table class="ranking">
        <thead>
          <tr>
            <th scope="col">{heading}</th>
            <th scope="col" class="numeric">
              {text('community.volume.contributions')}
            </th>
            <th scope="col" class="numeric share">
              {text('community.volume.share')}
            </th>
            {isCompared && (
              <th scope="col" class="numeric">
                {text('community.volume.change')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {totals.map(({ name, now, before }) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{titleOf(name, split, words)}</bdi>
              </th>
              <td class="numeric">{formatters.number(now)}</td>
              <td class="numeric share">{figureText('share', share(now, all), words)}</td>
              {isCompared && (
                <td class="numeric">
                  <Change kind="count" now={now} before={before} than={text('change.before')} words={words} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  )
}

/** The contributions of each interval by type, product or locale. */
export const Volume = ({ view, ...context }: PanelProps<VolumeView>) => {
  const { state, span, words } = context
  const { split, interval } = state
  const { texts } = words
  const { text } = texts
  const content = ({ names, points, totals }: VolumeView) => {
    const compared = compare(points, span, volumeRules)
    const now = compared.done.map(({ total }) => total)
    const before = compared.before.map(({ total }) => total)
    const name = text('community.volume.contributions')
    return (
      <>
        <p class="soft small">{comparedPhrase(compared, interval, words)}</p>
        {now.length > 0 && (
          <Figures
            figures={[
              { name, kind: 'count', now: sum(now), before: before.length > 0 ? sum(before) : undefined },
              {
                name: text(`community.per.${interval}`),
                kind: 'count',
                now: mean(now),
                before: mean(before),
              },
            ]}
            words={words}
          />
        )}
        <TimeChart
          {...context}
          id={`contributions-by-${split}`}
          label={text('community.volume.chart')}
          compared={compared}
          openOf={({ complete }) => (complete ? undefined : text('interval.open'))}
          main={({ total }) => total}
          kind="count"
          heading={name}
          say={({ total: count }) => text('contributions', { count })}
          series={names.map((each, index) => ({
            name: titleOf(each, split, words),
            look: lookOf(each, index, split),
          }))}
          isSplit
          sizes={({ counts }) => counts}
        />
        {now.length > 0 && <Totals totals={totals} split={split} words={words} />}
      </>
    )
  }
  return (
    <Panel
      id="contributions"
      title={text('community.volume.contributions')}
      note={text('community.volume.note')}
      data={volumeAt(span, state)}
      view={view}
      words={words}
      controls={<SplitChoices state={state} words={words} />}
      isEmpty={({ points }) => points.every(({ total }) => total === 0)}
    >
      {content}
    </Panel>
  )
}
