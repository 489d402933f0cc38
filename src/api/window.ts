import { minRfc3339Instant, formatInstant } from '../contributions/instant.ts'
import { windowAt, type WindowLength } from '../contributions/window.ts'
import type { Moment } from './parameters.ts'

/** A window as answers show it: no lower end for `all`, no upper end while live. */
export const formatWindow = (
  length: WindowLength,
  { asOf, live }: Moment,
): { from: string | null; to: string | null } => ({
  from:
    length === null ? null : formatInstant(Math.max(minRfc3339Instant, windowAt(length, asOf, live).from)),
  to: live ? null : formatInstant(asOf),
})
