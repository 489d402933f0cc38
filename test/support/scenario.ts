import * as fc from 'fast-check'
import { noon } from './clock.ts'
import { daysAfter, daysOfPeriod, startOf } from './oracleCalendar.ts'
import { rules } from './oracleRules.ts'
import { types, type Measure, type SentContribution, type SentMessage, type Span } from './oracle.ts'

/*
 * Random but realistic sites with few users, contents and instants, so that messages often interact. Instants lie at the
 * edges of the windows that end at noon, or of calendar days, give or take milliseconds.
 */

const day = 86_400_000

const timeZones = ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia'] as const

export const timeZone = fc.constantFrom(...timeZones)

/** First days of years, quarters, months and weeks, days of clock changes, and the day that Samoa skipped. */
export const edgeDays = [
  '2011-12-30',
  '2011-12-31',
  '2018-11-04',
  '2025-12-29',
  '2026-01-01',
  '2026-03-29',
  '2026-03-30',
  '2026-10-01',
  '2026-10-25',
  '2026-11-16',
] as const

const edge = fc.tuple(fc.constantFrom(...edgeDays), timeZone).map(([date, zone]) => startOf(date, zone))

const instant = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.constantFrom(0, 1, 7, 30, 90, 365, 4000).map((days) => noon - days * day), weight: 2 },
      { arbitrary: edge, weight: 1 },
    ),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([at, off]) => new Date(at + off).toISOString())

/** When facts became true: before noon, and often at the same instant as others. */
const timestamp = fc
  // Small numbers are frequent, so that facts about the same thing often have the same instant.
  .constantFrom(1, 1, 1, 2, 2, 3, 4, 5, 6)
  .map((minutes) => new Date(noon - minutes * 60_000).toISOString())

const userId = fc.constantFrom(1, 2, 3, 9, 10, 900)

const name = fc.constantFrom('ana', 'Ana', 'ÉLODIE', 'élodie', 'z', '\u{1f600}', '\uffee', null)

const content = fc.record({
  type: fc.constantFrom('questions.answer', 'questions.answer', 'wiki.revision'),
  // Some ids are frequent, so that several facts are about the same content.
  id: fc.constantFrom('1', '1', '1', '1', '2', '2', '3', '4', '5'),
})

const optionally: { requiredKeys: [] } = { requiredKeys: [] }

const labelled = fc
  .tuple(
    content,
    fc.record(
      {
        title: fc.constantFrom('A crash', 'A Crash', '\u{1f600}'),
        url: fc.constantFrom('https://a.example/1', 'https://a.example/2'),
      },
      optionally,
    ),
  )
  .map(([about, label]) => Object.assign({}, about, label))

const type = fc.constantFrom(...types)

const contribution = fc
  .tuple(
    fc.record({ type, occurred_at: instant, content: labelled }),
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
    Object.assign(
      { user: Object.assign({ id }, names) },
      facts,
      rules.needParent.includes(facts.type) && { parent: { type: 'wiki.document', id: 'd1' } },
      rest,
    ),
  )

/** Contributions with different identities, so that none conflict. */
const contributions = fc.uniqueArray(contribution, {
  maxLength: 14,
  selector: ({ type: of, content: about }) => JSON.stringify([of, about.type, about.id]),
})

const parent = fc.record({ type: fc.constant('wiki.document'), id: fc.constantFrom('d1', 'd2', 'd"3') })

/** An amendment of one of some contributions, so that several are often about the same, and two minutes often the same. */
const amendmentOf = (all: readonly SentContribution[]): fc.Arbitrary<SentMessage> =>
  fc
    .tuple(
      fc.constantFrom(...all.map((one) => one.content), { type: 'wiki.revision', id: '5' }),
      fc.option(type, { nil: undefined, freq: 2 }),
      fc.constantFrom(1, 2, 2),
      fc
        .record(
          {
            user: fc
              .tuple(userId, fc.record({ username: name }, optionally))
              .map(([id, names]) => Object.assign({ id }, names)),
            locale: fc.constantFrom('en-US', 'de', 'pl', null),
            product: fc.constantFrom('firefox', 'mobile', null),
            parent: fc.option(parent),
            self: fc.option(fc.boolean()),
          },
          optionally,
        )
        .filter((set) => Object.keys(set).length > 0),
    )
    .map(([about, only, minutes, set]) => ({
      type: 'contribution.amended',
      timestamp: new Date(noon - minutes * 60_000).toISOString(),
      data: { content: { type: about.type, id: about.id }, set, ...(only && { type: only }) },
    }))

const correction = fc
  .tuple(content, fc.option(type, { nil: undefined }), fc.constantFrom('retracted', 'restored'))
  .map(([about, only, kind]) => {
    // Of two retractions that differ only in the reason, the first recorded one stands: here there are none.
    const reason = only === 'solution' ? 'unsolved' : 'spam'
    return { type: `contribution.${kind}`, data: { content: about, reason, ...(only && { type: only }) } }
  })

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
        groups: fc.subarray(['staff', 'staff-2', 'l10n'], { minLength: 0 }),
      },
      optionally,
    ),
  )
  .map(([id, fields]) => ({ type: 'user.updated', data: { id, ...fields } }))

const erasure = userId.map((id) => ({ type: 'user.erased', data: { id } }))

const deletion = fc
  .tuple(content, fc.constantFrom('deleted', 'undeleted'))
  .map(([about, kind]) => ({ type: `content.${kind}`, data: { content: about } }))

const later = fc.oneof(
  { weight: 5, arbitrary: correction },
  { weight: 3, arbitrary: userUpdate },
  { weight: 1, arbitrary: erasure },
  { weight: 2, arbitrary: deletion },
)

const dated = <Body extends object>(body: fc.Arbitrary<Body>): fc.Arbitrary<Body & { timestamp: string }> =>
  fc.tuple(body, timestamp).map(([message, at]) => Object.assign({}, message, { timestamp: at }))

/** The facts about a site, one message each. */
const facts: fc.Arbitrary<SentMessage[]> = fc
  .tuple(
    contributions.chain((all) =>
      fc.tuple(
        fc.tuple(...all.map((data) => dated(fc.constant({ type: 'contribution.created', data })))),
        fc.array(amendmentOf(all), { maxLength: 8, size: 'max' }),
      ),
    ),
    fc.array(dated(later), { maxLength: 12, size: '+1' }),
  )
  .map(([[created, amendments], rest]) => [...created, ...amendments, ...rest])

/** Joins neighbours with the same type and timestamp into batches. */
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
  /** Each fact once. */
  facts: SentMessage[]
  /** The facts in random order, some repeated, single or in batches. */
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

/** A past instant for `as_of`, at the edge of a window. */
export const pastMoment = fc
  .tuple(fc.constantFrom(0, 1, 7, 30, 90), fc.integer({ min: -1, max: 1 }))
  .map(([days, off]) => noon - days * day + Math.min(off, days === 0 ? 0 : 1))

export const filter = fc.record(
  {
    locale: fc.constantFrom('', 'en-US', 'de'),
    product: fc.constantFrom('', 'firefox'),
    group: fc.constantFrom('staff', 'l10n', 'unknown'),
  },
  optionally,
)

/** Mostly no filter, so that what is compared has contributions to count. */
export const seldomFilter = fc.oneof(
  { arbitrary: fc.constant<Record<string, never>>({}), weight: 3 },
  { arbitrary: filter, weight: 1 },
)

export const windowDays = fc.constantFrom(1, 7, 30, 90, 365, null)

/** A period, as a caller asks for it and as two instants. */
export interface AskedPeriod {
  parameters: Record<string, string>
  span: Span
}

const namedPeriod = fc
  .tuple(
    fc.constantFrom('2011', '2011-12', '2011-W52', '2018-Q4', '2026', '2026-Q4', '2026-03', '2026-10'),
    fc.constantFrom('2026-11', '2025-W52', '2026-W01', '2026-W13', '2026-W43', '2026', '2027'),
    fc.boolean(),
    timeZone,
  )
  .map(([one, other, isFirst, zone]): AskedPeriod => {
    const period = isFirst ? one : other
    const days = daysOfPeriod(period)
    const [from, last] = [days[0] ?? '', days.at(-1) ?? '']
    return {
      parameters: { period, time_zone: zone },
      span: { from: startOf(from, zone), to: startOf(daysAfter(last, 1), zone) },
    }
  })

/** An end of a period: to the millisecond, ahead too, or by day. */
const periodEnd = fc.oneof(
  instant.map((text) => ({ text, at: () => Date.parse(text) })),
  fc.constant({ text: '2026-11-20T15:00:00.001+03:00', at: () => noon + 1 }),
  fc.constant({ text: '2027-01-01T00:00:00Z', at: () => Date.UTC(2027, 0, 1) }),
  fc.constantFrom(...edgeDays).map((text) => ({ text, at: (zone: string) => startOf(text, zone) })),
)

const givenPeriod = fc
  .tuple(fc.option(periodEnd, { nil: undefined }), fc.option(periodEnd, { nil: undefined }), timeZone)
  .map(([from, to, zone]): AskedPeriod => ({
    parameters: {
      ...(from && { from: from.text }),
      ...(to && { to: to.text }),
      time_zone: zone,
    },
    span: { from: from?.at(zone) ?? null, to: to?.at(zone) ?? null },
  }))
  .filter(({ span: { from, to } }) => (from ?? to) !== null && (from ?? -Infinity) < (to ?? Infinity))

/** A period by its name or by its ends, mostly one in which a scenario has contributions. */
export const period: fc.Arbitrary<AskedPeriod> = fc.oneof(namedPeriod, givenPeriod)

/** What is counted of each user, mostly not the default. */
export const measure: fc.Arbitrary<Measure> = fc.record({
  of: fc.constantFrom('contributions', 'parents', 'days'),
  timeZone,
})
