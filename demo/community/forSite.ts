import type { Content } from '../../src/contributions/contribution.ts'
import {
  contributionTypes,
  isDefined,
  typeDefinition,
  type ContributionType,
} from '../../src/definitions/definitions.ts'
import type { SentMessage } from './message.ts'

/** What people of the made-up community do: the types of the definitions that come with the project. */
const acts = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']

/** Acts about the same content as another one, which a site with a single type can't tell apart. */
const repeats = new Set(['solution', 'kb_review'])

/**
 * The site's type for an act; undefined if it has none. A site that defines none of the acts gets them in turn as its own
 * types.
 */
const typeFor = (act: string): ContributionType | undefined => {
  if (acts.some(isDefined)) return isDefined(act) ? act : undefined
  if (contributionTypes.length === 1 && repeats.has(act)) return undefined
  return contributionTypes[acts.indexOf(act) % contributionTypes.length]
}

const types = new Map(acts.map((act) => [act, typeFor(act)]))

/** The parent of acts without one, for types that need it. */
const anywhere: Content = { type: 'demo.place', id: '1' }

const translate = (item: unknown): unknown[] => {
  if (typeof item !== 'object' || item === null || !('type' in item)) return [item]
  const type = types.get(String(item.type))
  if (type === undefined) return []
  const needsParent = 'occurred_at' in item && typeDefinition(type).needs_parent
  return [{ ...(needsParent && { parent: anywhere }), ...item, type }]
}

/** Messages of the made-up community in the types that the site defines. Those without any item are left out. */
export const forSite = (messages: readonly SentMessage[]): SentMessage[] =>
  messages
    .map((message) => ({ ...message, data: message.data.flatMap(translate) }))
    .filter(({ data }) => data.length > 0)
