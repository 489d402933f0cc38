import type { Instant } from '../../contributions/instant.ts'
import { LogUnavailable, type Failure } from '../../failure.ts'
import { callObject, userDirectoryOf } from '../objects.ts'

/**
 * Brings the directory of users up to date, with repeated calls for as long as they make progress. So the first search
 * after a deployment does not have to wait for the build, and the names of erased users leave its storage even if no
 * one searches. Never throws LogUnavailable: the next search, or the next night, continues.
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
