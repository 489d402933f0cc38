import { setTimeout as pause } from 'node:timers/promises'
import { CommandFailure } from '../../../src/cli/command.ts'
import { retry } from '../../../src/failure.ts'
import { hangMilliseconds } from '../../system/support/processes.ts'
import type { Json } from '../../support/site.ts'
import { address } from '../traffic/questions.ts'

/** How often a request is sent whose connection the Worker closes. */
const attemptsMax = 3

/**
 * Whether the Worker closed a connection without an answer. workerd does so if no request comes within 15 s, as while a
 * busy machine compares answers. A Worker that has stopped refuses the next connection.
 */
const isClosed = (error: unknown): boolean =>
  error instanceof TypeError &&
  error.cause instanceof Error &&
  Reflect.get(error.cause, 'code') === 'UND_ERR_SOCKET'

/** Reads a Worker that is no longer disturbed. Retries answers with 503. */
export class CalmReader {
  #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** The first answer that is not 503. */
  async fetch(path: string): Promise<Response> {
    for (const deadline = Date.now() + hangMilliseconds; ; await pause(50)) {
      // No connection is used twice: the Worker closes one that is idle while a busy machine compares answers.
      const response = await retry(
        async () => await fetch(this.#url + path, { headers: { connection: 'close' } }),
        { attempts: attemptsMax, isTransient: isClosed, pauseAfter: () => 50 },
      )
      if (response.status !== 503) return response
      const text = await response.text()
      if (Date.now() > deadline)
        throw new CommandFailure(`GET ${path} has answered 503 for ten minutes: ${text}`)
    }
  }

  /** A JSON answer, or its status if that is not 200. */
  async read(path: string): Promise<Json> {
    const response = await this.fetch(path)
    if (response.status === 200) return await response.json()
    await response.body?.cancel()
    return { status: response.status }
  }

  /** The first JSON answer for a position: an isolate may give an earlier one again for two seconds. */
  async readAt(path: string, position: number): Promise<Json> {
    for (const deadline = Date.now() + hangMilliseconds; ; await pause(50)) {
      const answer = await this.read(path)
      if (answer.position >= position) return answer
      if (Date.now() > deadline)
        throw new CommandFailure(`GET ${path} has not reached position ${position} in ten minutes`)
    }
  }

  /** The first page of a list, with the items of all pages in it. */
  async readAll(
    path: string,
    parameters: Record<string, string | number | undefined>,
    list: string,
  ): Promise<Json> {
    const first = await this.read(address(path, parameters))
    if (first[list] === undefined) return first
    const items: Json[] = [...first[list]]
    for (let cursor = first.next_cursor; cursor !== null;) {
      const page = await this.read(address(path, { ...parameters, cursor }))
      items.push(...page[list])
      cursor = page.next_cursor
    }
    return { ...first, [list]: items }
  }
}
