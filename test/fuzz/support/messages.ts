import * as fc from 'fast-check'
import { noon } from '../../support/clock.ts'
import { anyText, anyValue, nastyInstants } from './corpus.ts'
import { messageTypes, reasons, types } from './messageContract.ts'

/** Mostly the expected value, sometimes any other. */
const mostly = <Value>(due: fc.Arbitrary<Value>): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: due, weight: 24 }, { arbitrary: anyValue, weight: 1 })

const fields = (
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<Record<string, unknown>> => {
  const all = { ...required, ...optional }
  return fc.oneof(
    { arbitrary: fc.record(all, { requiredKeys: Object.keys(required) }), weight: 24 },
    { arbitrary: fc.record(all, { requiredKeys: [] }), weight: 1 },
  )
}

const padded = (value: number): string => String(value).padStart(2, '0')

/** An instant in any notation of RFC 3339. */
const written = (instants: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  fc
    .tuple(instants, fc.integer({ min: -1439, max: 1439 }), fc.constantFrom('', '.5', '.999999999', '.0'))
    .map(([instant, offset, fraction]) => {
      const local = new Date(instant + offset * 60_000).toISOString().slice(0, 19)
      const [sign, minutes] = [offset < 0 ? '-' : '+', Math.abs(offset)]
      return `${local}${fraction}${sign}${padded(Math.floor(minutes / 60))}:${padded(minutes % 60)}`
    })

const edges = [Date.UTC(2000, 0, 1), noon, noon + 300_000].flatMap((edge) => [
  edge - 1000,
  edge - 1,
  edge,
  edge + 1,
  edge + 1000,
])

/** Date-times: most in the past, some at an edge of the accepted range, some invalid. */
export const anyInstant: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: written(fc.integer({ min: Date.UTC(2000, 0, 2), max: noon })), weight: 12 },
  { arbitrary: fc.constantFrom(...edges).map((edge) => new Date(edge).toISOString()), weight: 2 },
  { arbitrary: fc.constantFrom(...nastyInstants.map(({ text }) => text)), weight: 1 },
)

const name = fc.oneof(anyText(254), fc.constant('Ana'), fc.constant(null))
const picture = fc.oneof(
  fc.constantFrom(null, 'https://a.example/x.png', 'https://ü.example/?a=b#c'),
  fc.constantFrom(-1, 0, 1).map((beyond) => `https://a.example/${'x'.repeat(2030 + beyond)}`),
)
const id = mostly(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(1, 2 ** 53 - 1)))
const profile = { username: mostly(name), display_name: mostly(name), avatar_url: mostly(picture) }
const flag = mostly(fc.constantFrom(true, false, null))
const type = mostly(fc.constantFrom(...types))
const contentType = fc.constantFrom('q', 'questions.answer', 'wiki_revision.1', 'x'.repeat(64))
const contentId = fc.oneof(fc.integer({ min: 0, max: 999 }), fc.uuid(), anyText(128))
const content = mostly(fields({ type: mostly(contentType), id: mostly(contentId) }))
const locale = fc.constantFrom('en-US', 'de', 'zh-Hant-TW', 'en-aaaaaaaa-bbbbbbbb-cccccccc-dddddd', null)
const product = fc.constantFrom('firefox', '0', 'a'.repeat(64), 'a.b_c-d', null)

const labelled = mostly(
  fields(
    { type: mostly(contentType), id: mostly(contentId) },
    { title: mostly(anyText(254)), url: mostly(picture) },
  ),
)
const groups = fc.array(mostly(fc.constantFrom('staff', '7-a_b.c', 'a'.repeat(64))), { maxLength: 3 })

const items: Record<string, fc.Arbitrary<unknown>> = {
  'contribution.created': fields(
    { type, user: mostly(fields({ id }, profile)), occurred_at: mostly(anyInstant), content: labelled },
    { parent: content, locale: mostly(locale), product: mostly(product), self: flag, spam: flag },
  ),
  'contribution.retracted': fields({ content, reason: mostly(fc.constantFrom(...reasons)) }, { type }),
  'contribution.restored': fields({ content }, { type, reason: mostly(fc.constantFrom(...reasons)) }),
  'contribution.amended': fields(
    {
      content,
      set: mostly(
        fields(
          {},
          {
            user: mostly(fields({ id }, profile)),
            locale: mostly(locale),
            product: mostly(product),
            parent: content,
            self: flag,
          },
        ),
      ),
    },
    { type },
  ),
  'content.deleted': fields({ content }),
  'content.undeleted': fields({ content }),
  'user.updated': fields(
    { id },
    { ...profile, is_active: flag, is_system: flag, is_hidden: flag, groups: mostly(groups) },
  ),
  'user.erased': fields({ id }),
  'coverage.declared': fields(
    { type, complete: mostly(fc.boolean()) },
    { since: mostly(fc.oneof(anyInstant, fc.constant(null))) },
  ),
}

const messageOf = (messageType: string): fc.Arbitrary<unknown> => {
  const item = items[messageType] ?? anyValue
  const data = fc.oneof(
    { arbitrary: item, weight: 6 },
    { arbitrary: fc.array(mostly(item), { maxLength: 4 }), weight: 3 },
    { arbitrary: anyValue, weight: 1 },
  )
  return fields({ type: mostly(fc.constant(messageType)), timestamp: mostly(anyInstant), data })
}

/** Messages of every type, about half of them valid. */
export const anyMessage: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: messageOf('contribution.created'), weight: 6 },
  ...messageTypes.map((messageType) => ({ arbitrary: messageOf(messageType), weight: 1 })),
)
