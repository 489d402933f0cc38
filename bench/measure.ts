import { Agent, request } from 'node:http'
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { addRows, noRows, type Rows } from './rows.ts'

/** A request, fully built before it is timed. */
export interface SentRequest {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
}

/** A kind of request to measure. */
export interface Target {
  name: string
  next: () => SentRequest
  /** The server to send to; by default, the server under test. */
  server?: URL
}

/** How long a target is measured: until `requests` have been sent or `seconds` have passed. */
export interface Load {
  connections: number
  requests: number
  seconds: number
  /** The number of requests sent before measuring. */
  warmUp: number
  /** Called after every answer. */
  onAnswer?: () => void
}

/** The results for a target. Times and rates cover only requests answered with 200. */
export interface Measurement {
  name: string
  connections: number
  answered: number
  /** Requests answered with any other status. */
  refused: number
  p50Milliseconds: number
  p99Milliseconds: number
  perSecond: number
  /** The rows read and written by all requests. */
  rows: Rows
}

/** The number of requests per connection and turn, if targets take turns. */
const requestsInTurn = 5

const nanosecondsInMillisecond = 1_000_000

interface Link {
  url: URL
  agent: Agent
}

const send = async ({ url, agent }: Link, sent: SentRequest): Promise<{ status: number; text: string }> =>
  await new Promise((resolve, reject) => {
    const { method, path, headers = {} } = sent
    const outgoing = request(
      { host: url.hostname, port: url.port, agent, method, path, headers },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(sent.body)
  })

/** The remaining requests of a target, and the results so far. */
interface Course {
  name: string
  url: URL
  requests: SentRequest[]
  histogram: RecordableHistogram
  refused: number
  milliseconds: number
  rows: Rows
}

const courseOf = ({ name, next, server }: Target, url: URL, requests: number): Course => ({
  name,
  url: server ?? url,
  requests: Array.from({ length: requests }, next),
  histogram: createHistogram(),
  refused: 0,
  milliseconds: 0,
  rows: noRows,
})

const measurementOf = (course: Course, connections: number): Measurement => {
  const { name, histogram, refused, milliseconds, rows } = course
  return {
    name,
    connections,
    answered: histogram.count,
    refused,
    p50Milliseconds: histogram.percentile(50) / nanosecondsInMillisecond,
    p99Milliseconds: histogram.percentile(99) / nanosecondsInMillisecond,
    perSecond: (histogram.count * 1000) / milliseconds,
    rows,
  }
}

/** Sends at most `count` of a course's requests, for at most what is left of `seconds`. */
const takeTurn = async (agent: Agent, load: Load, course: Course, count: number): Promise<void> => {
  const link = { url: course.url, agent }
  const readRows = async (): Promise<Rows> =>
    JSON.parse((await send(link, { method: 'GET', path: '/bench/rows' })).text)
  const turn = course.requests.splice(0, count).values()
  const before = await readRows()
  const startedAt = performance.now()
  const endsAt = startedAt + load.seconds * 1000 - course.milliseconds
  const sendInTurn = async (): Promise<void> => {
    for (const sent of turn) {
      const sentAt = performance.now()
      const { status } = await send(link, sent)
      const answeredAt = performance.now()
      if (status === 200)
        course.histogram.record(Math.round((answeredAt - sentAt) * nanosecondsInMillisecond))
      else course.refused += 1
      load.onAnswer?.()
      if (answeredAt > endsAt) return
    }
  }
  await Promise.all(Array.from({ length: load.connections }, sendInTurn))
  course.milliseconds += performance.now() - startedAt
  course.rows = addRows(addRows(course.rows, await readRows()), before, -1)
}

/**
 * Measures targets over keep-alive connections, each with one request at a time. The targets take turns, so that other
 * load on the machine affects all of them equally.
 */
export const measure = async (url: URL, targets: readonly Target[], load: Load): Promise<Measurement[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
  try {
    for (const target of targets) await takeTurn(agent, load, courseOf(target, url, load.warmUp), load.warmUp)
    const courses = targets.map((target) => courseOf(target, url, load.requests))
    const turn = targets.length === 1 ? load.requests : requestsInTurn * load.connections
    const isUnderWay = ({ requests, milliseconds }: Course): boolean =>
      requests.length > 0 && milliseconds < load.seconds * 1000
    while (courses.some(isUnderWay)) {
      for (const course of courses) if (isUnderWay(course)) await takeTurn(agent, load, course, turn)
    }
    return courses.map((course) => measurementOf(course, load.connections))
  } finally {
    agent.destroy()
  }
}
