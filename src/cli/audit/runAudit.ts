import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod/mini'
import { LogUnavailable } from '../../log/database.ts'
import { CommandFailure } from '../command.ts'
import { patiently } from '../platform/patience.ts'
import { startProgress, type Progress } from '../console/progress.ts'

/** Which Worker is to be audited, and how much of it. */
export interface AuditedSite {
  origin: string
  token: string
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

/** One step, as `POST /v1/audit` answers it; what was compared so far is in it. */
export type Totals = z.infer<typeof stepSchema>

const post = async ({ origin, token, users }: AuditedSite, audit?: number): Promise<Response> => {
  const query = new URLSearchParams({ users: String(users), ...(audit && { audit: String(audit) }) })
  const headers = { authorization: `Bearer ${token}` }
  try {
    // A redirect is not followed: the token is for this address only.
    return await fetch(`${origin}/v1/audit?${query.toString()}`, {
      method: 'POST',
      headers,
      redirect: 'manual',
    })
  } catch (error) {
    if (audit !== undefined) throw new LogUnavailable(`Lost ${origin}`, { cause: error })
    throw new CommandFailure(
      `Cannot reach ${origin}: start the Worker (npm start), or name another with --url`,
      {
        cause: error,
      },
    )
  }
}

/** The platform's minute, and room to spare. */
const retryAfterSecondsMax = 120

/** Steps go on as fast as the Worker lets them: where it limits the operator, too, it says how long to wait. */
const postWithinLimits = async (target: AuditedSite, audit?: number): Promise<Response> => {
  for (;;) {
    const response = await post(target, audit)
    const seconds = Number(response.headers.get('retry-after'))
    if (response.status !== 429 || !(seconds > 0 && seconds <= retryAfterSecondsMax)) return response
    await response.body?.cancel()
    await pause(seconds * 1000)
  }
}

const takeStep = async (target: AuditedSite, audit?: number): Promise<Totals> => {
  const response = await postWithinLimits(target, audit)
  const { status } = response
  const body: unknown = await response.json().catch(() => undefined)
  if (status === 503 || status === 429) {
    throw new LogUnavailable('The Worker is busy', { cause: `the Worker answers ${status}` })
  }
  if (status === 401)
    throw new CommandFailure(`Cannot audit ${target.origin}: it does not take this ADMIN_TOKEN`)
  const step = stepSchema.safeParse(body)
  if (status === 200 && step.success) return step.data
  throw new CommandFailure(
    `Cannot audit ${target.origin}: it answers ${status} to POST /v1/audit; is this the address of a Worker?`,
  )
}

/**
 * A whole audit of a running Worker, with progress on stderr; tells of each finding at once. A step whose answer was
 * lost is asked for again by the audit's number, which does no harm. Throws a CommandFailure when it has to stop.
 */
export const runAudit = async (target: AuditedSite, tell: (found: Found) => void): Promise<Totals> => {
  let progress: Progress | undefined
  try {
    for (let step = await patiently(async () => await takeStep(target)); ;) {
      for (const found of step.found) tell(found)
      if (step.done) return step
      progress ??= startProgress('Auditing', step.steps_expected)
      progress.advance(Math.min(step.steps, step.steps_expected), step.users + step.boards)
      const { audit } = step
      step = await patiently(async () => await takeStep(target, audit))
    }
  } finally {
    progress?.end()
  }
}
