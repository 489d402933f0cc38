import { env } from 'cloudflare:workers'
import { createFetch } from '../../../src/http/router.ts'
import { AnswerMemory } from '../../../src/memory/AnswerMemory.ts'
import { respondNotFound } from '../../../src/pages/page.tsx'
import { routes } from '../../../src/routes.ts'
import { checkResponse } from '../../support/checkResponse.ts'
import type { Json } from '../../support/site.ts'

/** A new Worker, with an empty memory. */
export interface MemoryWorker {
  fetchApi: (path: string, init?: RequestInit) => Promise<Response>
  /** Reads JSON. `age` is undefined without the header. */
  read: (
    path: string,
  ) => Promise<{ status: number; age: number | undefined; body: Json; isFromMemory: boolean }>
  /** Waits for what runs in the background. */
  settle: () => Promise<void>
}

export const isFromMemory = ({ headers }: Response): boolean =>
  headers.get('server-timing')?.startsWith('memory') === true

export const workerWithMemory = (bindings: Env = env): MemoryWorker => {
  const background: Promise<unknown>[] = []
  const answer = createFetch(routes, respondNotFound, new AnswerMemory(() => Date.now()))
  const waitUntil = (promise: Promise<unknown>): void => void background.push(promise)
  const fetchApi: MemoryWorker['fetchApi'] = async (path, init) => {
    const request = new Request(`https://perennial.example${path}`, init)
    return checkResponse(request, await answer(request, bindings, Date.now(), { waitUntil }))
  }
  return {
    fetchApi,
    read: async (path) => {
      const response = await fetchApi(path)
      const age = response.headers.get('age')
      return {
        status: response.status,
        age: age === null ? undefined : Number(age),
        body: await response.json(),
        isFromMemory: isFromMemory(response),
      }
    },
    settle: async () => {
      while (background.length > 0) await background.pop()
    },
  }
}
