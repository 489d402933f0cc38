import { metrics, type Metric } from '../../../definitions/definitions.ts'
import type { Compared } from '../comparison.ts'
import type { CommunityInterval } from '../range.ts'
import type { Words } from '../intervalNames.ts'

/** Says how many intervals the figures of a panel cover, and what they are compared with. */
export const comparedPhrase = (
  { done: { length: count }, before }: Compared<unknown>,
  interval: CommunityInterval,
  { texts }: Words,
): string => {
  if (count === 0) return texts.text('community.compared.none')
  const intervals = texts.text(`interval.complete.${interval}`, { count })
  return texts.text(before.length > 0 ? 'community.compared' : 'community.compared.too-early', { intervals })
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
