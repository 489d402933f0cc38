import type { Call } from '../../http/endpoint.ts'
import { readResponse, type FetchApi } from './fetchApi.ts'

/** Reads the API for a page that the Worker renders, and records the ETag of each answer. */
export interface FetchHere {
  fetchApi: FetchApi
  /** The ETags of all answers so far, sorted by path. As long as they do not change, the page shows the same. */
  tags: () => [path: string, tag: string][]
}

/** Reads this Worker's own API for a request. An answer without an ETag gets a unique one. */
export const fetchHere = (call: Call): FetchHere => {
  const tags = new Map<string, string>()
  return {
    fetchApi: async (path) => {
      const response = await call.fetchSelf(path)
      tags.set(path, response.headers.get('etag') ?? crypto.randomUUID())
      return await readResponse(response)
    },
    tags: () => [...tags].toSorted(([one], [other]) => (one < other ? -1 : 1)),
  }
}
