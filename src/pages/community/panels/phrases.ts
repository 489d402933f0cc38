import { metrics } from '../../../definitions/definitions.ts'
import type { CommunityInterval } from '../range.ts'
import type { Words } from '../intervalNames.ts'

/** Says how many intervals the figures of a panel are of, and what they are compared with. */
export const comparedPhrase = (count: number, interval: CommunityInterval, { texts }: Words): string =>
  count === 0
    ? texts.text('community.compared.none')
    : texts.text('community.compared', { intervals: texts.text(`interval.complete.${interval}`, { count }) })

/** Says what a metric's rule counts, without the metric's own window and least number. */
export const rulePhrase = (name: string, { texts, formatters }: Words): string => {
  const rule = metrics.find(({ metric }) => metric === name)
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
