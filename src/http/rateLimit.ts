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

/** The longest address, an IPv6 one with an IPv4 one in it (RFC 4291 section 2.2). */
const addressMax = 45

/** How many bytes of an IPv6 address tell one network from another: its last half is the caller's to choose. */
const networkBytes = 8

/** The network that a request comes from, as Cloudflare saw it (developers.cloudflare.com/fundamentals/reference/http-headers). */
export const networkOf = (headers: Headers): string => {
  const address = headers.get('cf-connecting-ip') ?? ''
  if (address.length > addressMax || !isValid(address)) return 'unknown'
  const parsed = parse(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, networkBytes).join('.') : parsed.toString()
}

const tooMany: Problem = {
  problem: 'too-many-requests',
  detail: 'Cannot answer now: there were too many requests from your network; ask again in a minute',
  headers: { 'retry-after': String(limitPeriodSeconds) },
}

/** Whether a limiter lets a request through. One that fails lets all through: it must not stop what it protects. */
const letsThrough = async (limited: Limited, env: Env, network: string): Promise<boolean> => {
  try {
    const { success } = await limiterOf(env, limited).limit({ key: network })
    return success
  } catch {
    // Without the error, whose text may hold the network.
    console.error(JSON.stringify({ event: 'rate limiter failed', limited }))
    return true
  }
}

/**
 * Counts a request against its network's limit; the refusal if that is used up. Cloudflare counts in each of its
 * places by itself and a moment late: this damps abuse, and is no accounting. Where RATE_LIMITS is "off" (a mistyped
 * value does not turn limits off), or the limiter fails, nothing is refused.
 */
export const countAgainst = async (
  limited: Limited,
  { request, env }: { request: Request; env: Env },
): Promise<Problem | undefined> => {
  if (env.RATE_LIMITS === 'off') return undefined
  return (await letsThrough(limited, env, networkOf(request.headers))) ? undefined : tooMany
}
