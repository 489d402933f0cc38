/*
 * Sends what happens on a site to Perennial. Node 18 or newer, without packages.
 *
 *     import { record } from './perennial.mjs'
 *     record({ type: 'answer', user: { id: 42, username: 'ana' }, occurred_at: '2026-11-22T10:00:00Z',
 *              content: { type: 'questions.answer', id: 17 } })
 *
 * `record` returns once the fact is on the disk, in a file of the directory PERENNIAL_OUTBOX. `deliver` sends the files to
 * PERENNIAL_URL, signed with PERENNIAL_WEBHOOK_SECRET, and deletes each after a 200. As a command, this file delivers:
 *
 *     * * * * * flock -n /var/lib/perennial/lock node perennial.mjs
 */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const url = process.env.PERENNIAL_URL ?? 'http://127.0.0.1:8787'
const secret = process.env.PERENNIAL_WEBHOOK_SECRET ?? ''
const outbox = process.env.PERENNIAL_OUTBOX ?? 'outbox'

const itemsMax = 1000
const bytesMax = 1_000_000
const timeoutMilliseconds = 30_000
const pauseSecondsMax = 300
const retryAfterSecondsMax = 3600

/** Perennial refuses every message until a person has changed something, such as the secret. Nothing was deleted. */
export class Stopped extends Error {}

/** Writes a file and syncs it to the disk, or only syncs a directory. */
const sync = (path, flags, text) => {
  const file = fs.openSync(path, flags)
  if (text !== undefined) fs.writeFileSync(file, text)
  fs.fsyncSync(file)
  fs.closeSync(file)
}

/** Stores items of one type of message. `timestamp` is when they became true, in UTC; by default now. */
export const record = (items, type = 'contribution.created', timestamp = new Date().toISOString()) => {
  for (const item of [items].flat()) {
    const name = `${String(Date.now()).padStart(15, '0')}-${randomUUID()}.json`
    sync(`${outbox}/.${name}`, 'wx', JSON.stringify({ type, timestamp, item }))
    fs.renameSync(`${outbox}/.${name}`, `${outbox}/${name}`) // Complete, or not there.
  }
  sync(outbox, 'r')
}

/**
 * Sends the outbox until it is empty, and returns how many items were refused. Waits and retries while Perennial cannot be
 * reached. A process that is killed loses nothing: what it sent without deleting is sent again, and counts once.
 */
export const deliver = async () => {
  let refused = 0
  let most = itemsMax
  for (let batch; (batch = nextBatch(most)).length > 0;) {
    const { status, answer } = await send(batch)
    const reasons = refusals(status, answer, batch.length)
    if (status === 200) {
      for (const [index, { name, fact }] of batch.entries()) {
        if (answer.results[index].status === 'conflict')
          console.error(`Conflict, the first one recorded stands: ${JSON.stringify(fact.item)}`)
        fs.unlinkSync(`${outbox}/${name}`)
      }
    } else if (status === 413 && batch.length > 1) {
      most = Math.floor(batch.length / 2)
    } else if (reasons.size > 0) {
      for (const [index, reason] of reasons) setAside(batch[index].name, reason)
      refused += reasons.size
    } else {
      throw new Stopped(`${url} answered ${status}, and would do so again: ${JSON.stringify(answer)}`)
    }
  }
  return refused
}

/** The oldest facts that may share a message: several contributions, or a single other fact. */
const nextBatch = (most) => {
  const batch = []
  let size = 0
  const names = fs.readdirSync(outbox).filter((name) => /^\d.*\.json$/.test(name))
  for (const name of names.sort()) {
    const text = fs.readFileSync(`${outbox}/${name}`, 'utf8')
    const fact = JSON.parse(text)
    size += Buffer.byteLength(text)
    const isAlone = [...batch.map((other) => other.fact), fact].some(
      ({ type }) => type !== 'contribution.created',
    )
    if (batch.length > 0 && (isAlone || batch.length === most || size > bytesMax)) break
    batch.push({ name, fact })
  }
  return batch
}

/** Posts a message, the same bytes with the same ID each time, until the answer is final. */
const send = async (batch) => {
  const facts = batch.map(({ fact }) => fact)
  const [oldest] = facts.map(({ timestamp }) => timestamp).sort() // Names in it must not look newer than they are.
  const body = JSON.stringify({ type: facts[0].type, timestamp: oldest, data: facts.map(({ item }) => item) })
  for (let failures = 1; ; failures += 1) {
    const { status, text, retryAfter } = await post(body)
    const answer = parse(text)
    // A 200 without a result for each item is not from Perennial, but from something in between.
    const isStrange = status === 200 && answer.results?.length !== batch.length
    const isTemporary = isStrange || status === 0 || status === 408 || status === 429 || status >= 500
    if (!isTemporary) return { status, answer }
    const pause = Math.min(2 ** (failures - 1), pauseSecondsMax) * (0.5 + Math.random() / 2)
    const seconds = Math.max(pause, retryAfter)
    console.error(`${url} answered ${status || text}: the next attempt is in ${seconds.toFixed(1)} s`)
    await sleep(seconds * 1000)
  }
}

/** Signs with the current time, as Standard Webhooks specifies, and sends. Status 0 means that no answer came. */
const post = async (body) => {
  const id = `msg_${createHash('sha256').update(body).digest('hex').slice(0, 32)}`
  const timestamp = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
  const signal = AbortSignal.timeout(timeoutMilliseconds)
  try {
    const address = `${url.replace(/\/$/, '')}/v1/webhooks`
    const response = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'manual' })
    const retryAfter = secondsOf(response.headers.get('retry-after'))
    return { status: response.status, text: await response.text(), retryAfter }
  } catch (error) {
    return { status: 0, text: String(error.cause ?? error), retryAfter: 0 }
  }
}

/** The seconds of a Retry-After, which may be a date: at most an hour. */
const secondsOf = (retryAfter) => {
  const seconds = /^\d+$/.test(retryAfter ?? '')
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000
  return Math.min(Math.max(seconds || 0, 0), retryAfterSecondsMax)
}

const parse = (text) => {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

/** The reasons for refused items, by their places in the message. */
const refusals = (status, answer, count) => {
  if (status === 413) return new Map([[0, 'larger than a message may be']])
  const reasons = new Map()
  for (const { pointer, detail } of status === 422 ? (answer.errors ?? []) : []) {
    const index = Number(/^\/data\/(\d+)/.exec(pointer)?.[1] ?? count)
    const reason = `${pointer}: ${detail}`
    if (index < count) reasons.set(index, reasons.has(index) ? `${reasons.get(index)}; ${reason}` : reason)
  }
  return reasons
}

/** Moves a refused item to the folder `refused`, for a person. To send it again, move it back. */
const setAside = (name, reason) => {
  fs.mkdirSync(`${outbox}/refused`, { recursive: true })
  fs.renameSync(`${outbox}/${name}`, `${outbox}/refused/${name}`)
  console.error(`Refused, and moved to ${outbox}/refused/${name}: ${reason}`)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv[2] === 'record') {
    const lines = fs.readFileSync(0, 'utf8').split('\n')
    record(lines.filter((line) => line !== '').map((line) => JSON.parse(line)))
  } else {
    const refused = await deliver().catch((error) => {
      console.error(error instanceof Stopped ? error.message : error)
      return 1
    })
    process.exitCode = refused > 0 ? 1 : 0
  }
}
