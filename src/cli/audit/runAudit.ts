import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod/mini'
import { LogUnavailable } from '../../failure.ts'
import { CommandFailure } from '../command.ts'
import { startProgress, type Progress } from '../console/progress.ts'
import { retryWhileUnavailable } from '../platform/retryWhileUnavailable.ts'
import { jsonOf, misconfigurationOf, readAnswer, type WorkerAnswer } from '../platform/workerAnswer.ts'

/** The Worker to audit. */
export interface AuditedSite {
  origin: string
  token: string
  /** How many users to visit; those with a counter are compared. */
  users: number
}

const foundSchema = z.object({
  kind: z.string(),
  name: z.string(),
  differs: z.array(z.string()),
  healed: z.boolean(),
})

const stepSchema = z.object({
  audit: z.number(),
  done: z.boolean(),
  steps: z.number(),
  steps_expected: z.number(),
  users: z.number(),
  boards: z.number(),
  drift: z.number(),
  found: z.array(foundSchema),
})

/** A projection that differed from the log. */
export type Found = z.infer<typeof foundSchema>

/** The answer of `POST /v1/audit` to one step, with the totals so far. */
export type AuditStep = z.infer<typeof stepSchema>

const post = async ({ origin, token, users }: AuditedSite, audit?: number): Promise<WorkerAnswer> => {
  const query = new URLSearchParams({ users: String(users), ...(audit && { audit: String(audit) }) })
  const headers = { authorization: `Bearer ${token}` }
  try {
    // Does not follow redirects: the token is for this address only.
    const url = `${origin}/v1/audit?${query.toString()}`
    return await readAnswer(await fetch(url, { method: 'POST', headers, redirect: 'manual' }))
  } catch (error) {
    // The cause, "fetch failed", would replace the message.
    // oxlint-disable-next-line preserve-caught-error
    if (audit !== undefined) throw new LogUnavailable(`Lost the connection to ${origin}`)
    throw new CommandFailure(
      `Cannot reach ${origin}: start the Worker (npm start), or give another address with --url`,
      { cause: error },
    )
  }
}

/** Rate limits count per minute, so a longer Retry-After is not due to a limit. */
const retryAfterSecondsMax = 120

/** Posts, and waits as long as Retry-After says if the rate limit is exceeded. */
const postWithinLimits = async (target: AuditedSite, audit?: number): Promise<WorkerAnswer> => {
  for (;;) {
    const answer = await post(target, audit)
    const seconds = Number(answer.retryAfter)
    if (answer.status !== 429 || !(seconds > 0 && seconds <= retryAfterSecondsMax)) return answer
    await pause(seconds * 1000)
  }
}

const takeStep = async (target: AuditedSite, audit?: number): Promise<AuditStep> => {
  const answer = await postWithinLimits(target, audit)
  const { status } = answer
  const misconfiguration = misconfigurationOf(answer)
  if (misconfiguration !== undefined)
    throw new CommandFailure(`Cannot audit ${target.origin}: ${misconfiguration}`)
  if (status === 503 || status === 429) {
    throw new LogUnavailable('The Worker is busy', { cause: `the Worker answered ${status}` })
  }
  if (status === 401)
    throw new CommandFailure(`Cannot audit ${target.origin}: it does not accept this ADMIN_TOKEN`)
  const step = stepSchema.safeParse(jsonOf(answer))
  if (status === 200 && step.success) return step.data
  throw new CommandFailure(
    `Cannot audit ${target.origin}: it answered POST /v1/audit with ${status}. Is this the address of a Worker?`,
  )
}

/**
 * Audits a running Worker step by step and reports each finding immediately. Repeats a step whose answer was lost,
 * which is safe because the request names the audit. Throws a CommandFailure if the audit cannot finish.
 */
export const runAudit = async (target: AuditedSite, onFound: (found: Found) => void): Promise<AuditStep> => {
  let progress: Progress | undefined
  try {
    for (let step = await retryWhileUnavailable(async () => await takeStep(target)); ;) {
      for (const found of step.found) onFound(found)
      if (step.done) return step
      progress ??= startProgress('Auditing', step.steps_expected)
      progress.advance(Math.min(step.steps, step.steps_expected), step.users + step.boards)
      const { audit } = step
      step = await retryWhileUnavailable(async () => await takeStep(target, audit))
    }
  } finally {
    progress?.end()
  }
}
