import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nothing, type Appended } from '../../src/log/logInput.ts'
import { sequencerOf, type Sequencer } from '../../src/projections/Sequencer.ts'
import { holdTimers, noon, setClock } from '../support/clock.ts'
import { breakD1, expectUnavailable, overloaded } from '../support/faults.ts'
import { freshLog } from '../support/freshLog.ts'
import { holdD1 } from '../support/heldLog.ts'
import { aContribution, post, read, sign, type Json } from '../support/site.ts'
import worker from '../support/workerWithoutMemory.ts'

const bodyOf = (data: unknown): string =>
  JSON.stringify({ type: 'contribution.created', timestamp: new Date(noon).toISOString(), data })

const answerTo = async (data: unknown): Promise<Json> => {
  const response = await post(bodyOf(data))
  return { http: response.status, ...((await response.json()) as Json) }
}

/** Posts a contribution to a Worker with other bindings. */
const postWith = async (bindings: Partial<Env>): Promise<Json> => {
  const body = bodyOf(aContribution())
  const request = new Request('https://perennial.example/v1/webhooks', {
    method: 'POST',
    body,
    headers: sign(body),
  })
  const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], { ...env, ...bindings })
  return { http: response.status, ...((await response.json()) as Json) }
}

/** The binding of a sequencer whose calls are all answered by `answer`. */
const answering = (answer: () => Promise<never>) =>
  ({ SEQUENCER: { getByName: () => ({ append: answer, ping: answer }) } }) as unknown as Partial<Env>

/** Resolves when that many more messages have reached the sequencer. */
const arrivals = async (): Promise<(count: number) => Promise<void>> => {
  const spy = await runInDurableObject(sequencerOf(env), (sequencer: Sequencer) =>
    vi.spyOn(Object.getPrototypeOf(sequencer) as Sequencer, 'append'),
  )
  return async (count) => {
    while (spy.mock.calls.length < count) await scheduler.wait(2)
  }
}

const abort = async (): Promise<void> => {
  await runInDurableObject(sequencerOf(env), (_, state) => state.abort('reset by a test')).catch(
    () => undefined,
  )
}

const contentsOf = async (): Promise<string[]> => {
  const { results } = await env.DB.prepare('SELECT content_id FROM events ORDER BY position').all<{
    content_id: string
  }>()
  return results.map(({ content_id: id }) => id)
}

const named = (id: string) => aContribution({ content: { type: 'questions.answer', id } })

const never = async (): Promise<never> => await new Promise<never>(() => undefined)

beforeEach(async () => {
  vi.restoreAllMocks()
  await freshLog()
  setClock(noon)
})

describe('a webhook', () => {
  it.each(['overloaded', 'retryable', 'durableObjectReset'])(
    'is recorded although the sequencer cannot answer (%s)',
    async (mark) => {
      const lost = async (): Promise<never> => {
        throw Object.assign(new Error('Durable Object is out. SELECT secret'), { [mark]: true })
      }
      expect(await postWith(answering(lost))).toMatchObject({
        http: 200,
        position: 1,
        recorded: 1,
      })
    },
  )

  it('is recorded after 4 s if the sequencer never answers', async () => {
    holdTimers()(3000)
    expect(await postWith(answering(never))).toMatchObject({
      http: 200,
      position: 1,
      recorded: 1,
    })
  })

  it('is recorded without the sequencer while that runs another deployment', async () => {
    const { id } = env.DEPLOYMENT
    const said = await sequencerOf(env).append(`${id} and later`, nothing, noon, {
      bytes: 0,
      items: 0,
      messages: 0,
    })
    const recorded = await postWith({ DEPLOYMENT: { ...env.DEPLOYMENT, id: `${id} and later` } })
    expect([said, recorded]).toMatchObject(['refused', { http: 200, position: 1, recorded: 1 }])
    await vi.waitFor(async () => {
      const { days } = await sequencerOf(env).deliveries()
      expect(days).toMatchObject([{ messages: 1, recorded: 1 }])
    })
  })

  it('is answered 503, in time for the sender, and writes nothing if the sequencer refuses it after more than 3 s', async () => {
    const { promise: refusal, resolve: refuse } = Promise.withResolvers<'refused'>()
    const { promise: isPinged, resolve: ping } = Promise.withResolvers<void>()
    const late = { append: async () => await refusal, ping: async () => ping() }
    holdTimers()(3000)
    const answer = postWith({ SEQUENCER: { getByName: () => late } } as unknown as Partial<Env>)
    await isPinged
    refuse('refused')
    expect(await answer).toMatchObject({ http: 503 })
    expect(await contentsOf()).toEqual([])
  })

  it('has the sequencer’s answer if that arrives instead of the answer to a ping', async () => {
    const { promise: appended, resolve: answer } = Promise.withResolvers<Appended>()
    const ping = async (): Promise<never> => {
      answer({
        position: 7,
        contributions: [{ status: 'recorded', position: 7 }],
        corrections: [],
        amendments: [],
        deletions: [],
        users: [],
        declarations: [],
      })
      return await never()
    }
    holdTimers()(3000)
    const stub = { append: async () => await appended, ping }
    const answered = await postWith({ SEQUENCER: { getByName: () => stub } } as unknown as Partial<Env>)
    expect(answered).toMatchObject({ http: 200, position: 7, recorded: 1 })
    expect(await contentsOf()).toEqual([])
  })

  it('is written once, by the sequencer, while D1 is slow', async () => {
    const pass = holdTimers()
    const log = holdD1()
    const answer = answerTo(aContribution())
    await log.reached()
    pass(3000)
    await scheduler.wait(50)
    log.step() // lets only one batch pass
    expect(await answer).toMatchObject({ http: 200, recorded: 1, duplicate: 0 })
  })

  it('is counted once if the sequencer is aborted while its batch is in flight', async () => {
    const log = holdD1()
    const reached = await arrivals()
    const first = answerTo(named('first'))
    await log.reached()
    const second = answerTo(named('second'))
    await reached(2)
    log.passOthers()
    await abort()
    const answers = await Promise.all([first, second])
    expect(answers).toMatchObject([
      { http: 200, recorded: 0, duplicate: 1 },
      { http: 200, recorded: 1, duplicate: 0 },
    ])
    log.release()
    expect(await contentsOf()).toEqual(['first', 'second'])
    expect(await answerTo(named('third'))).toMatchObject({ http: 200, recorded: 1, position: 3 })
  })

  it('is answered 503, like all that wait behind it, if D1 fails, and D1 is called once', async () => {
    const pass = holdTimers()
    const { promise: isOut, resolve: fail } = Promise.withResolvers<void>()
    const counted = breakD1(async () => {
      await isOut
      return overloaded
    })
    const reached = await arrivals()
    const responses = [1, 2, 3].map(async () => await post(bodyOf(aContribution())))
    await reached(3)
    pass(0)
    fail()
    for (const response of await Promise.all(responses)) await expectUnavailable(response)
    expect(counted.calls).toBe(1)
    vi.restoreAllMocks()
    expect(await answerTo(aContribution())).toMatchObject({ http: 200, position: 1, recorded: 1 })
  })
})

describe('a batch of webhooks', () => {
  it('records the other messages if D1 refuses it because of one', async () => {
    await env.DB.prepare(
      `CREATE TRIGGER spoilt BEFORE INSERT ON events WHEN NEW.content_id = 'spoilt' BEGIN SELECT RAISE(ABORT, 'spoilt'); END`,
    ).run()
    const log = holdD1()
    const reached = await arrivals()
    const first = answerTo(named('first'))
    await log.reached()
    const others = ['second', 'spoilt', 'third'].map(async (id) => await answerTo(named(id)))
    await reached(4)
    log.release()
    const answers = await Promise.all([first, ...others])
    expect(answers.map(({ http, recorded }) => [http, recorded])).toEqual([
      [200, 1],
      [200, 1],
      [500, undefined],
      [200, 1],
    ])
    expect((await contentsOf()).sort()).toEqual(['first', 'second', 'third'])
    expect((await read('/v1/users/1')).lifetime.total).toBe(3)
  })

  it('does not delay a large message, which is written by itself', async () => {
    const log = holdD1()
    const small = answerTo(named('small'))
    await log.reached()
    log.passOthers()
    const large = await answerTo(Array.from({ length: 900 }, () => aContribution()))
    expect(large).toMatchObject({ http: 200, position: 901, recorded: 900 })
    log.release()
    expect(await small).toMatchObject({ http: 200, recorded: 1 })
  })
})
