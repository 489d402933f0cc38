import * as fc from 'fast-check'
import { noon } from './clock.ts'
import { types, type SentContribution, type SentMessage } from './oracle.ts'

/*
 * Random but lifelike sites: few users, few contents, few instants, so that whatever can meet does meet. Instants
 * lie on the edges of the windows that end at noon, a millisecond before and after.
 */

const day = 86_400_000

const instant = fc
  .tuple(fc.constantFrom(0, 1, 7, 30, 90, 365, 4000), fc.integer({ min: -2, max: 2 }))
  .map(([days, off]) => new Date(noon - days * day + off).toISOString())

/** When facts became true: before noon, and often at the same instant. */
const timestamp = fc
  .integer({ min: 1, max: 6 })
  .map((minutes) => new Date(noon - minutes * 60_000).toISOString())

const userId = fc.constantFrom(1, 2, 3, 9, 10, 900)

const name = fc.constantFrom('ana', 'Ana', 'ÉLODIE', 'élodie', 'z', '\u{1f600}', '\uffee', null)

const content = fc.record({
  type: fc.constantFrom('questions.answer', 'wiki.revision'),
  id: fc.constantFrom('1', '2', '3', '4', '5'),
})

const type = fc.constantFrom(...types)

const optionally: { requiredKeys: [] } = { requiredKeys: [] }

const contribution = fc
  .tuple(
    fc.record({ type, occurred_at: instant, content }),
    userId,
    fc.record({ username: name, display_name: name }, optionally),
    fc.record(
      {
        parent: fc.record({ type: fc.constant('wiki.document'), id: fc.constantFrom('d1', 'd2') }),
        locale: fc.constantFrom('en-US', 'de', 'fr'),
        product: fc.constantFrom('firefox', 'thunderbird'),
        self: fc.boolean(),
      },
      optionally,
    ),
  )
  .map(([facts, id, names, rest]): SentContribution =>
    Object.assign({ user: Object.assign({ id }, names) }, facts, rest),
  )

/** Contributions of different identities: between them there can be no conflict. */
const contributions = fc.uniqueArray(contribution, {
  maxLength: 14,
  selector: (one) => JSON.stringify([one.type, one.content]),
})

const correction = fc
  .tuple(content, fc.option(type, { nil: undefined }), fc.constantFrom('retracted', 'restored'))
  .map(([about, only, kind]) => ({
    type: `contribution.${kind}`,
    data: { content: about, reason: 'spam', ...(only && { type: only }) },
  }))

const userUpdate = fc
  .tuple(
    userId,
    fc.record(
      {
        username: name,
        display_name: name,
        is_active: fc.boolean(),
        is_system: fc.boolean(),
        is_hidden: fc.boolean(),
      },
      optionally,
    ),
  )
  .map(([id, fields]) => ({ type: 'user.updated', data: { id, ...fields } }))

const erasure = userId.map((id) => ({ type: 'user.erased', data: { id } }))

const deletion = content.map((about) => ({ type: 'content.deleted', data: { content: about } }))

const later = fc.oneof(
  { weight: 6, arbitrary: correction },
  { weight: 3, arbitrary: userUpdate },
  { weight: 1, arbitrary: erasure },
  { weight: 1, arbitrary: deletion },
)

const dated = <Body extends object>(body: fc.Arbitrary<Body>): fc.Arbitrary<Body & { timestamp: string }> =>
  fc.tuple(body, timestamp).map(([message, at]) => Object.assign({}, message, { timestamp: at }))

/** Every fact about a site, each as a message of its own. */
const facts: fc.Arbitrary<SentMessage[]> = fc
  .tuple(
    contributions.chain((all) =>
      fc.tuple(...all.map((data) => dated(fc.constant({ type: 'contribution.created', data })))),
    ),
    fc.array(dated(later), { maxLength: 12 }),
  )
  .map(([created, rest]) => [...created, ...rest])

/** Joins neighbours that a batch can hold: the same type, the same timestamp. */
const batched = (messages: readonly SentMessage[], sizes: readonly number[]): SentMessage[] => {
  const joined: SentMessage[] = []
  for (const [index, message] of messages.entries()) {
    const last = joined.at(-1)
    const room = Array.isArray(last?.data) && last.data.length < (sizes[index % sizes.length] ?? 1)
    if (last && room && last.type === message.type && last.timestamp === message.timestamp) {
      ;(last.data as unknown[]).push(message.data)
    } else joined.push({ ...message, data: [message.data] })
  }
  return joined.map((message) =>
    Array.isArray(message.data) && message.data.length === 1
      ? { ...message, data: message.data[0] }
      : message,
  )
}

export interface Scenario {
  /** What became true, each fact once. */
  facts: SentMessage[]
  /** What the site sends: the facts in some order, some of them more than once, single or in batches. */
  deliveries: SentMessage[]
}

export const scenario: fc.Arbitrary<Scenario> = facts.chain((all) =>
  fc
    .tuple(
      fc.shuffledSubarray([...all, ...all], { minLength: all.length }),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    )
    .map(([some, rest, sizes]) => ({ facts: all, deliveries: batched([...some, ...rest], sizes) })),
)

/** An instant to ask about, on a window's edge. */
export const pastMoment = fc
  .tuple(fc.constantFrom(0, 1, 7, 30, 90), fc.integer({ min: -1, max: 1 }))
  .map(([days, off]) => noon - days * day + Math.min(off, days === 0 ? 0 : 1))

export const filter = fc.record(
  { locale: fc.constantFrom('', 'en-US', 'de'), product: fc.constantFrom('', 'firefox') },
  optionally,
)

export const windowDays = fc.constantFrom(1, 7, 30, 90, 365, null)
