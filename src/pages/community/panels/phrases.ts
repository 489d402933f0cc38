import { metrics, type Metric } from '../../../definitions/definitions.ts'
import type { Compared } from '../comparison.ts'
import type { CommunityInterval } from '../range.ts'
import type { Words } from '../intervalNames.ts'

/** Says how many intervals the figures of a panel cover, and what they are compared with. */
export const comparedPhrase = (
  { done, before }: Compared<{ date: string }>,
  interval: CommunityInterval,
  { texts, formatters }: Words,
): string => {
  const [[first], [firstBefore]] = [done, before]
  if (first === undefined) return texts.text('community.compared.none')
  const intervals = texts.text(`interval.complete.${interval}`, { count: done.length })
  const from = formatters.day(first.date)
  return firstBefore === undefined
    ? texts.text('community.compared.too-early', { intervals, from })
    : texts.text('community.compared', { intervals, from, before: formatters.day(firstBefore.date) })
}

/** The metric whose rule says what counts as activity. */
export const ruleOf = (name: string): Metric | undefined => metrics.find(({ metric }) => metric === name)

/** Describes what a metric's rule counts, ignoring the metric's window and minimum. */
export const rulePhrase = (name: string, { texts, formatters }: Words): string => {
  const rule = ruleOf(name)
  if (!rule) return ''
  const types = formatters.anyOf(rule.types.map((type) => texts.type(type).many))
  return [
    texts.text('community.rule', { types }),
    rule.locale === 'any' ? '' : texts.text(`community.rule.locale.${rule.locale}`),
    rule.countsSelf ? '' : texts.text('community.rule.self'),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}
