import { parse, isValid } from 'ipaddr.js'
import type { Problem } from './problem.ts'

/** What a caller is limited in; how much of it a minute stands in wrangler.toml. */
export type Limited = 'reads' | 'scans' | 'failed signatures' | 'operator attempts'

/** The period of every limit in wrangler.toml. */
export const limitPeriodSeconds = 60

const limiterOf = (env: Env, limited: Limited): RateLimit => {
  switch (limited) {
    case 'reads':
      return env.READ_LIMIT
    case 'scans':
      return env.SCAN_LIMIT
    case 'failed signatures':
      return env.SIGNATURE_LIMIT
    case 'operator attempts':
      return env.OPERATOR_LIMIT
  }
}

/** How many bytes of an IPv6 address tell one network from another: its last half is the caller's to choose. */
const networkBytes = 8

/** The network that a request comes from, as Cloudflare saw it (developers.cloudflare.com/fundamentals/reference/http-headers). */
export const networkOf = (headers: Headers): string => {
  const address = headers.get('cf-connecting-ip') ?? ''
  if (!isValid(address)) return 'unknown'
  const parsed = parse(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, networkBytes).join('.') : parsed.toString()
}

const tooMany: Problem = {
  problem: 'too-many-requests',
  detail: 'Cannot answer now: there were too many requests from your network; ask again in a minute',
  headers: { 'retry-after': String(limitPeriodSeconds) },
}

/**
 * Counts a request against its network's limit; the refusal if that is used up. Cloudflare counts in each of its
 * places by itself and a moment late: this damps abuse, and is no accounting. Where RATE_LIMITS is "off",
 * nothing is counted; a mistyped value does not turn limits off.
 */
export const countAgainst = async (
  limited: Limited,
  { request, env }: { request: Request; env: Env },
): Promise<Problem | undefined> => {
  if (env.RATE_LIMITS === 'off') return undefined
  const { success } = await limiterOf(env, limited).limit({ key: networkOf(request.headers) })
  return success ? undefined : tooMany
}
