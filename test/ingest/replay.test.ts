import { beforeEach, describe, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, read, sign, type Json } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

/** A message as an eavesdropper has it: its bytes and the headers that it was signed with. */
interface Intercepted {
  body: string
  headers: Record<string, string>
}

const intercept = (type: string, data: unknown, timestamp = noon): Intercepted => {
  const body = JSON.stringify({ type, timestamp: new Date(timestamp).toISOString(), data })
  return { body, headers: sign(body) }
}

const deliver = async ({ body, headers }: Intercepted): Promise<Json> => {
  const response = await fetchApi('/v1/webhooks', { method: 'POST', body, headers })
  return { status: response.status, answer: await response.json() }
}

const content = { type: 'questions.answer', id: 'a' }
const created = (): Intercepted =>
  intercept('contribution.created', aContribution({ content, user: { id: 1, username: 'ana' } }))

/** Every number that the messages of these tests could change. */
const numbers = async (): Promise<unknown> => {
  const { user, lifetime, position } = await read('/v1/users/1')
  const { entries } = await read('/v1/leaderboards/support-forum')
  return { user, lifetime, position, entries }
}

describe('an intercepted message that is sent again', () => {
  it('counts nothing twice while its signature is valid', async () => {
    const message = created()
    await deliver(message)
    setClock(noon + 2000)
    const before = await numbers()
    setClock(noon + 299_000)
    const { status, answer } = await deliver(message)
    expect([status, answer.results[0].status]).toEqual([200, 'duplicate'])
    expect(await numbers()).toEqual(before)
  })

  it.each([
    ['a retraction', intercept('contribution.retracted', { content, reason: 'spam' }, noon - 3)],
    ['a name', intercept('user.updated', { id: 1, username: 'older', is_hidden: true }, noon - 3)],
    ['a declaration', intercept('coverage.declared', { type: 'answer', complete: true }, noon - 3)],
  ])('undoes nothing that a newer message said: %s', async (_, { body }) => {
    const older = { body, headers: sign(body) }
    await deliver(created())
    await deliver(older)
    await deliver(intercept('contribution.restored', { content }, noon - 2))
    await deliver(intercept('user.updated', { id: 1, username: 'ana', is_hidden: false }, noon - 2))
    await deliver(intercept('coverage.declared', { type: 'answer', complete: false }, noon - 2))
    setClock(noon + 3000)
    const before = [await numbers(), (await read('/v1/status')).coverage]
    const { status, answer } = await deliver(older)
    expect([status, answer.results[0].status]).toEqual([200, 'unchanged'])
    setClock(noon + 6000)
    expect([await numbers(), (await read('/v1/status')).coverage]).toEqual(before)
  })

  it('brings back no erased user', async () => {
    const message = created()
    await deliver(message)
    await deliver(intercept('user.erased', { id: 1 }))
    await deliver(message)
    setClock(noon + 3000)
    expect((await fetchApi('/v1/users/1')).status).toBe(404)
    expect((await read('/v1/users?username=ana')).users).toEqual([])
    expect((await read('/v1/leaderboards/support-forum')).entries).toEqual([])
  })

  it('is refused after 5 minutes, even with a newer timestamp', async () => {
    const message = created()
    setClock(noon + 301_000)
    expect((await deliver(message)).status).toBe(401)
    const headers = { ...message.headers, 'webhook-timestamp': String(noon / 1000 + 300) }
    expect((await deliver({ ...message, headers })).status).toBe(401)
    expect((await read('/healthz')).position).toBe(0)
  })
})
