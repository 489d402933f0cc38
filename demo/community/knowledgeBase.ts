import { dayMilliseconds, formatInstant, type Instant } from '../../src/contributions/instant.ts'
import type { SentContribution } from './message.ts'
import { userOf, type Person } from './people.ts'
import type { World } from './world.ts'

const documents = 160
const products = ['firefox', 'firefox', 'firefox', 'mobile', 'thunderbird', 'ios', 'mozilla-vpn']

interface Edit {
  at: Instant
  author: Person
  contribution: SentContribution
}

/** The share of edits to original documents; all others are to translations. */
const original = 0.4

const edit = ({ chance, crowd, idOf }: World, at: Instant): Edit => {
  const author = crowd.pick('edit', at, chance.happens(original) ? 'en-US' : undefined)
  // The square makes the first documents edited often and the last ones rarely.
  const document = Math.floor(documents * chance.next() ** 2)
  const contribution: SentContribution = {
    type: 'kb_edit',
    user: userOf(author, at),
    occurred_at: formatInstant(at),
    content: { type: 'wiki.revision', id: idOf('revision') },
    parent: { type: 'wiki.document', id: `demo-${document}-${author.locale}` },
    locale: author.locale,
    product: products[document % products.length] ?? '',
  }
  return { at, author, contribution }
}

/** Edits of documents, each in its author's language. */
export const editDocuments = (world: World, count: number): Edit[] =>
  world.rhythm.drawMany(count).map((at) => edit(world, at))

const review = ({ rhythm, crowd }: World, { at: editedAt, author, contribution }: Edit): SentContribution => {
  const at = rhythm.after(editedAt, 4 * dayMilliseconds)
  const reviewer = crowd.pick('review', at, author.locale)
  return {
    ...contribution,
    type: 'kb_review',
    user: userOf(reviewer, at),
    occurred_at: formatInstant(at),
    ...(reviewer === author && { self: true }),
  }
}

/** Reviews of `count` edits, some days later, by speakers of the same language. */
export const reviewEdits = (world: World, edits: readonly Edit[], count: number): SentContribution[] =>
  world.chance
    .shuffle(edits)
    .slice(0, count)
    .map((each) => review(world, each))
