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

const problemIn = (answer: WorkerAnswer): z.infer<typeof problemSchema> | undefined =>
  problemSchema.safeParse(jsonOf(answer)).data

/** Whether an answer is a problem as the Worker writes it. */
export const isProblem = (answer: WorkerAnswer): boolean => problemIn(answer) !== undefined

/**
 * Which variable of the Worker is invalid, and what to use; undefined if the answer does not say that. Only the
 * operator can fix it, so a retry does not help.
 */
export const misconfigurationOf = (answer: WorkerAnswer): string | undefined => {
  const { status, retryAfter } = answer
  if (status !== 503 || retryAfter !== String(misconfiguredRetrySeconds)) return undefined
  return problemIn(answer)?.detail
}
