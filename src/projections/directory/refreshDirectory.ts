import type { Instant } from '../../contributions/instant.ts'
import type { Failure } from '../../failure.ts'
import { LogUnavailable } from '../../log/database.ts'
import { callObject, userDirectoryOf } from '../objects.ts'

/**
 * Has the directory of users follow the log, call by call as long as that makes progress. So the first search after a
 * deployment does not wait until it is built, and the names of erased people leave its storage although no one searches.
 * Never throws LogUnavailable: the next search, or the next night, continues.
 */
export const refreshDirectory = async (env: Pick<Env, 'USER_DIRECTORY'>, now: Instant): Promise<void> => {
  try {
    for (let reached = -1; ;) {
      const failure = await callObject(
        () => userDirectoryOf(env),
        async (directory): Promise<Failure | undefined> => await directory.refresh(now),
      )
      if (failure?.failure !== 'not-caught-up' || failure.position <= reached) return
      reached = failure.position
    }
  } catch (error) {
    if (!(error instanceof LogUnavailable)) throw error
  }
}
