import type { Content } from '../../src/contributions/contribution.ts'
import {
  contributionTypes,
  isDefined,
  typeDefinition,
  type ContributionType,
} from '../../src/definitions/definitions.ts'
import type { SentMessage } from './message.ts'

/** What people in the made-up community do. These are the types of the project's own definitions.json. */
const acts = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']

/** Acts that share their content with another act. A site with a single type cannot tell them apart. */
const repeats = new Set(['solution', 'kb_review'])

/**
 * The site's type for an act; undefined if it has none. If a site defines none of the acts, its own types are assigned
 * to them in turn.
 */
const typeFor = (act: string): ContributionType | undefined => {
  if (acts.some(isDefined)) return isDefined(act) ? act : undefined
  if (contributionTypes.length === 1 && repeats.has(act)) return undefined
  return contributionTypes[acts.indexOf(act) % contributionTypes.length]
}

const types = new Map(acts.map((act) => [act, typeFor(act)]))

/** The parent of acts that have none, for types that need one. */
const anywhere: Content = { type: 'demo.place', id: '1' }

const translate = (item: unknown): unknown[] => {
  if (typeof item !== 'object' || item === null || !('type' in item)) return [item]
  const type = types.get(String(item.type))
  if (type === undefined) return []
  const needsParent = 'occurred_at' in item && typeDefinition(type).needs_parent
  return [{ ...(needsParent && { parent: anywhere }), ...item, type }]
}

/**
 * Converts messages of the made-up community to the types that the site defines. Messages left without items are
 * dropped.
 */
export const forSite = (messages: readonly SentMessage[]): SentMessage[] =>
  messages
    .map((message) => ({ ...message, data: message.data.flatMap(translate) }))
    .filter(({ data }) => data.length > 0)
