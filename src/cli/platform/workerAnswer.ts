import * as z from 'zod/mini'
import { misconfiguredRetrySeconds } from '../../configuration.ts'

/** A Worker's answer to a request. */
export interface WorkerAnswer {
  status: number
  body: string
  /** The header Retry-After. */
  retryAfter: string | null
}

/** A problem as the Worker writes it (RFC 9457). */
const problemSchema = z.object({ type: z.string().check(z.startsWith('/problems/')), detail: z.string() })

/** Reads a response to the end. */
export const readAnswer = async (response: Response): Promise<WorkerAnswer> => ({
  status: response.status,
  body: await response.text(),
  retryAfter: response.headers.get('retry-after'),
})

/** The body of an answer as JSON; undefined if it is not JSON. */
export const jsonOf = ({ body }: WorkerAnswer): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/**
 * Which variable of the Worker is invalid, and what to use; undefined if the answer does not say that. Only the
 * operator can fix it, so a retry does not help.
 */
export const misconfigurationOf = (answer: WorkerAnswer): string | undefined => {
  const problem = problemSchema.safeParse(jsonOf(answer))
  const { status, retryAfter } = answer
  const isMisconfigured = status === 503 && retryAfter === String(misconfiguredRetrySeconds)
  return isMisconfigured && problem.success ? problem.data.detail : undefined
}
