import { rm } from 'node:fs/promises'
import { createState } from './built.ts'
import { scratchDirectory } from './processes.ts'
import { startWorker } from './worker.ts'

/** A Worker in its own workerd, with an empty, migrated database. */
export interface Server {
  url: string
  close(): Promise<void>
}

/** Starts the built Worker on a free port of 127.0.0.1. Without tables it cannot read its log. */
export const startServer = async (hasTables = true): Promise<Server> => {
  const state = await scratchDirectory()
  if (hasTables) await createState(state)
  const { url, kill } = await startWorker(state)
  return {
    url,
    close: async () => {
      await kill()
      await rm(state, { recursive: true })
    },
  }
}
