import type { Call } from '../../http/route.ts'
import { readResponse, type Ask } from './ask.ts'

/** Asks this site's own API for what a page shows, and keeps the ETag of each answer. */
export interface AskHere {
  ask: Ask
  /** By path, the tags of all answers so far: while they stay the same, so does what the page shows of them. */
  tags: () => [path: string, tag: string][]
}

/** Asks on behalf of a call. An answer without a tag gets one that no other has. */
export const askHere = (call: Call): AskHere => {
  const tags = new Map<string, string>()
  return {
    ask: async (path) => {
      const response = await call.ask(path)
      tags.set(path, response.headers.get('etag') ?? crypto.randomUUID())
      return await readResponse(response)
    },
    tags: () => [...tags].toSorted(([one], [other]) => (one < other ? -1 : 1)),
  }
}
