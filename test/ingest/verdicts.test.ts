import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { logInputOf, parseMessage } from '../../src/ingest/message.ts'
import { append } from '../../src/log/append.ts'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, read, send, type Json } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

/** A receipt without its results. */
const sumsOf = (answer: Json): Json => ({ ...answer, results: undefined })

const sums = (position: number, counts: Record<string, number>): Json => ({
  position,
  recorded: 0,
  duplicate: 0,
  conflict: 0,
  ignored: 0,
  ...counts,
})

const statuses = (answer: Json): string[] => answer.results.map(({ status }: Json) => status)

describe('a contribution', () => {
  it('is recorded once, and is a duplicate at the same position when redelivered', async () => {
    const one = aContribution()
    const first = await send('contribution.created', one)
    expect(first).toEqual({
      position: 1,
      recorded: 1,
      duplicate: 0,
      conflict: 0,
      ignored: 0,
      results: [{ index: 0, status: 'recorded', position: 1 }],
    })
    await send('contribution.created', aContribution())
    const again = await send('contribution.created', one)
    expect(sumsOf(again)).toEqual(sums(2, { duplicate: 1 }))
    expect(again.results).toEqual([{ index: 0, status: 'duplicate', position: 1 }])
  })

  const one = aContribution({
    parent: { type: 'questions.question', id: 'q1' },
    locale: 'de',
    product: 'firefox',
    self: false,
  })

  it.each([
    ['another user', { user: { id: 2 } }],
    ['another time', { occurred_at: new Date(noon - 60_001).toISOString() }],
    ['another parent', { parent: { type: 'questions.question', id: 'q2' } }],
    ['no parent', { parent: null }],
    ['another locale', { locale: 'fr' }],
    ['no locale', { locale: null }],
    ['another product', { product: 'mobile' }],
    ['self', { self: true }],
  ])('is a conflict if it has a known identity, but %s, and the first one counts', async (_, change) => {
    await send('contribution.created', one)
    const answer = await send('contribution.created', { ...one, ...change })
    expect(sumsOf(answer)).toEqual(sums(1, { conflict: 1 }))
    expect(answer.results).toEqual([{ index: 0, status: 'conflict', position: 1 }])
    expect((await read('/v1/status')).events).toBe(1)
    expect((await read('/v1/users/1')).lifetime.total).toBe(1)
  })

  it('is a duplicate if it has the same facts in another notation', async () => {
    await send('contribution.created', one)
    const spelled = {
      ...one,
      occurred_at: '2026-11-20T12:59:00.0009+01:00',
      self: null,
      spam: false,
      extra: 1,
    }
    const { results } = await send('contribution.created', spelled)
    expect(results).toEqual([{ index: 0, status: 'duplicate', position: 1 }])
  })

  it('is a different one if its type differs, although its content is the same', async () => {
    await send('contribution.created', one)
    const { results } = await send('contribution.created', { ...one, type: 'solution' })
    expect(results).toEqual([{ index: 0, status: 'recorded', position: 2 }])
  })

  it('is recorded once if a batch has it twice: the second is a duplicate or a conflict', async () => {
    const batch = [one, aContribution(), one, { ...one, user: { id: 2 } }]
    const answer = await send('contribution.created', batch)
    expect(statuses(answer)).toEqual(['recorded', 'recorded', 'duplicate', 'conflict'])
    expect(answer.results.map(({ position }: Json) => position)).toEqual([1, 2, 1, 1])
    expect(sumsOf(answer)).toEqual(sums(2, { recorded: 2, duplicate: 1, conflict: 1 }))
  })

  it('is ignored as spam or from a system account, but its user becomes known', async () => {
    const batch = [
      aContribution({ spam: true, user: { id: 3, username: 'spammer' } }),
      aContribution({ user: { id: 900, username: 'bot' } }),
      aContribution(),
    ]
    const answer = await send('contribution.created', batch)
    expect(sumsOf(answer)).toEqual(sums(1, { recorded: 1, ignored: 2 }))
    expect(answer.results).toEqual([
      { index: 0, status: 'ignored', reason: 'spam' },
      { index: 1, status: 'ignored', reason: 'system_account' },
      { index: 2, status: 'recorded', position: 1 },
    ])
    for (const id of [3, 900]) {
      const user = await read(`/v1/users/${id}`)
      expect([user.lifetime.total, user.first_contribution_at]).toEqual([0, null])
    }
  })

  it('gets the next position in a batch of 1,000, in order and without gaps', async () => {
    const batch = Array.from({ length: 1000 }, () => aContribution({ user: { id: 8 } }))
    const answer = await send('contribution.created', batch)
    expect(answer.results.map(({ position }: Json) => position)).toEqual(batch.map((_, index) => index + 1))
    expect((await read('/v1/users/8')).lifetime.answer).toBe(1000)
  })

  it('has the same position in any batch, whether it is new, known, repeated or was retracted before it came', async () => {
    const contents = Array.from({ length: 8 }, (_, id) => ({ type: 'questions.answer', id: `${id}` }))
    const anyContent = fc.integer({ min: 0, max: 7 })
    const anyItem = fc.record({ content: anyContent, locale: fc.constantFrom('en-US', 'de') })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyContent, { maxLength: 3 }),
        fc.array(fc.tuple(fc.array(anyItem, { minLength: 1, maxLength: 6 }), fc.boolean()), { maxLength: 4 }),
        async (retracted, batches) => {
          await freshLog()
          for (const id of retracted)
            await send('contribution.retracted', { content: contents[id], reason: 'spam' })
          const known = new Map<number, { locale: string; position: number }>()
          let last = 0
          for (const [batch, isLarge] of batches) {
            const expected = batch.map(({ content, locale }, index) => {
              const first = known.get(content)
              if (first !== undefined) {
                const status = first.locale === locale ? 'duplicate' : 'conflict'
                return { index, status, position: first.position }
              }
              const position = last + 1
              known.set(content, { locale, position })
              last += retracted.includes(content) ? 2 : 1 // its reversal follows it
              return { index, status: 'recorded', position }
            })
            const data = batch.map(({ content, locale }) =>
              aContribution({ content: contents[content], locale }),
            )
            // So large that verdicts are looked up after the commit.
            for (let index = batch.length; index < (isLarge ? 300 : 0); index += 1) {
              last += 1
              expected.push({ index, status: 'recorded', position: last })
              const parent = { type: 'questions.question', id: 'q'.repeat(100) }
              data.push(aContribution({ content: { type: 'x', id: `${last}`.padEnd(100, '.') }, parent }))
            }
            const answer = await send('contribution.created', data)
            expect([answer.position, answer.results]).toEqual([last, expected])
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('content.deleted and content.undeleted', () => {
  const about = { type: 'questions.answer', id: 'deleted' }
  const one = aContribution({ user: { id: 4 }, content: about })
  const deletedAt = async (): Promise<Json> => {
    const { contributions } = await read('/v1/users/4/contributions')
    return contributions.map(({ deleted_at }: Json) => deleted_at)
  }

  it('change no number, and are unchanged when sent again', async () => {
    await send('contribution.created', one)
    const before = await read('/v1/users/4')
    const data = [{ content: about }, { content: { type: 'x', id: 'none' } }, { content: about }]
    const answer = await send('content.deleted', data, noon)
    expect(sumsOf(answer)).toEqual(sums(1, {}))
    expect(statuses(answer)).toEqual(['applied', 'applied', 'unchanged'])
    expect(statuses(await send('content.deleted', data, noon))).toEqual(Array(3).fill('unchanged'))
    expect(await read('/v1/users/4')).toEqual(before)
    expect((await read('/v1/status')).events).toBe(1)
    expect(await deletedAt()).toEqual([new Date(noon).toISOString()])
  })

  it('count by the latest one, or at the same instant the deletion, in any order of arrival, even before the contribution', async () => {
    const steps: [string, number, string][] = [
      ['content.undeleted', noon - 3, 'applied'],
      ['content.deleted', noon - 4, 'unchanged'],
      ['content.deleted', noon - 3, 'applied'],
      ['content.undeleted', noon - 3, 'unchanged'],
    ]
    for (const [type, at, status] of steps)
      expect(statuses(await send(type, { content: about }, at))).toEqual([status])
    await send('contribution.created', one)
    expect(await deletedAt()).toEqual([new Date(noon - 3).toISOString()])
    await send('content.undeleted', { content: about }, noon - 2)
    expect(await deletedAt()).toEqual([null])
  })
})

describe('a profile', () => {
  const names = async (id: number): Promise<Json> => {
    setClock(Date.now() + 1000)
    return (await read(`/v1/users/${id}`)).user
  }
  const minutes = (count: number): number => noon - 60_000 * count

  it('takes each field from the latest message that has it, and null clears it', async () => {
    await send('contribution.created', aContribution({ user: { id: 5, username: 'ana' } }), minutes(5))
    await send('user.updated', { id: 5, display_name: 'Ana B.' }, minutes(4))
    expect(await names(5)).toEqual({ id: 5, username: 'ana', display_name: 'Ana B.', avatar_url: null })
    const older = await send(
      'user.updated',
      { id: 5, username: 'older', avatar_url: 'https://a.example/1.png' },
      minutes(6),
    )
    expect(statuses(older)).toEqual(['applied'])
    expect(await names(5)).toMatchObject({ username: 'ana', avatar_url: 'https://a.example/1.png' })
    await send('user.updated', { id: 5, display_name: null }, minutes(3))
    expect((await names(5)).display_name).toBeNull()
  })

  it('takes names from redelivered and conflicting contributions too', async () => {
    const one = aContribution({ user: { id: 6, username: 'first' } })
    await send('contribution.created', one, minutes(5))
    await send('contribution.created', { ...one, user: { id: 6, username: 'second' } }, minutes(4))
    expect((await names(6)).username).toBe('second')
    await send('contribution.created', { ...one, user: { id: 7, username: 'other' } }, minutes(3))
    expect((await names(7)).username).toBe('other')
  })

  it('settles values of the same instant by code point, null lowest, in any order of arrival', async () => {
    // U+FFEE sorts after U+1F600 by UTF-16 unit, before it by code point.
    const spellings = ['\uffee', '\u{1f600}', 'a', null]
    for (const [index, order] of [spellings, spellings.toReversed()].entries()) {
      for (const username of order) await send('user.updated', { id: 20 + index, username }, minutes(1))
      expect((await names(20 + index)).username).toBe('\u{1f600}')
    }
    const batch = spellings.map((username) => ({ id: 22, username }))
    expect(statuses(await send('user.updated', batch, minutes(1)))).toEqual([
      'applied',
      'applied',
      'unchanged',
      'unchanged',
    ])
    expect((await names(22)).username).toBe('\u{1f600}')
  })

  it('is unchanged by a redelivered or older message', async () => {
    const said = { id: 30, username: 'x', is_hidden: true }
    expect(await send('user.updated', said, minutes(2))).toEqual({
      position: 0,
      recorded: 0,
      duplicate: 0,
      conflict: 0,
      ignored: 0,
      results: [{ index: 0, status: 'applied' }],
    })
    expect(statuses(await send('user.updated', said, minutes(2)))).toEqual(['unchanged'])
    expect(statuses(await send('user.updated', said, minutes(3)))).toEqual(['unchanged'])
    expect(statuses(await send('user.updated', { id: 30 }, minutes(1)))).toEqual(['unchanged'])
  })
})

describe('coverage', () => {
  it('starts for a type with the first contribution that a webhook records, not with a redelivery', async () => {
    const since = async (): Promise<Json> => {
      const { coverage } = await read('/v1/status')
      return [coverage.answer, coverage.question]
    }
    const none = { complete: false, since: null }
    expect(await since()).toEqual([none, none])
    await send('contribution.created', aContribution({ spam: true }))
    expect(await since()).toEqual([none, none])
    await send('contribution.created', aContribution())
    setClock(noon + 60_000)
    await send('contribution.created', [aContribution(), aContribution({ type: 'question' })])
    expect(await since()).toEqual([
      { complete: false, since: '2026-11-20T12:00:00.000Z' },
      { complete: false, since: '2026-11-20T12:01:00.000Z' },
    ])
  })

  it('does not start when a webhook redelivers what a backfill recorded, although the batch has something new', async () => {
    const one = aContribution()
    const message = { type: 'contribution.created', timestamp: one['occurred_at'], data: one }
    const parsed = parseMessage(message, noon)
    if ('failure' in parsed) throw new Error('The message is invalid')
    await append(env.DB, logInputOf(parsed, new Set()), 'backfill', noon)
    await send('contribution.created', [one, aContribution({ type: 'question' }), one])
    const { coverage } = await read('/v1/status')
    expect([coverage.answer.since, coverage.question.since]).toEqual([null, '2026-11-20T12:00:00.000Z'])
  })

  it('is what the latest declaration says, and makes users complete once every type is complete', async () => {
    await send('contribution.created', aContribution({ user: { id: 40 } }))
    const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']
    const whole = types.map((type) => ({ type, complete: true }))
    expect(statuses(await send('coverage.declared', whole.slice(1)))).toEqual(
      whole.slice(1).map(() => 'applied'),
    )
    expect((await read('/v1/status')).coverage.answer).toEqual({ complete: true, since: null })
    expect((await read('/v1/users/40')).complete).toBe(false)
    await send('coverage.declared', whole[0])
    setClock(Date.now() + 1000)
    expect((await read('/v1/users/40')).complete).toBe(true)
    expect(statuses(await send('coverage.declared', { type: 'answer', complete: false }, noon - 1))).toEqual([
      'unchanged',
    ])
    const late = { type: 'answer', complete: false, since: '2020-01-01T00:00:00Z' }
    expect(statuses(await send('coverage.declared', late, Date.now()))).toEqual(['applied'])
    expect((await read('/v1/status')).coverage.answer).toEqual({
      complete: false,
      since: '2020-01-01T00:00:00.000Z',
    })
    setClock(Date.now() + 1000)
    expect((await read('/v1/users/40')).complete).toBe(false)
  })
})
