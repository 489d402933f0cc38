import { parse, isValid } from 'ipaddr.js'
import type { Failure } from '../failure.ts'

/** What is limited per network; wrangler.toml says how much per minute. */
export type LimitName = 'reads' | 'scans' | 'failed signatures' | 'operator attempts'

/** The period of every limit in wrangler.toml. */
export const limitPeriodSeconds = 60

const limiterOf = (env: Env, limit: LimitName): RateLimit => {
  switch (limit) {
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

/** The longest address: IPv6 with an IPv4 address in it (RFC 4291 section 2.2). */
const addressMax = 45

/** The bytes of an IPv6 address that identify a network: the caller chooses the second half. */
const networkBytes = 8

/** The network that a request comes from, as Cloudflare saw it (developers.cloudflare.com/fundamentals/reference/http-headers). */
export const networkOf = (headers: Headers): string => {
  const address = headers.get('cf-connecting-ip') ?? ''
  if (address.length > addressMax || !isValid(address)) return 'unknown'
  const parsed = parse(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, networkBytes).join('.') : parsed.toString()
}

/** Whether a limiter lets a request through. One that fails lets everything through: it must not stop what it protects. */
const isAllowed = async (limit: LimitName, env: Env, network: string): Promise<boolean> => {
  try {
    const { success } = await limiterOf(env, limit).limit({ key: network })
    return success
  } catch {
    // Without the error, whose text may hold the network.
    console.error(JSON.stringify({ event: 'rate limiter failed', limited: limit }))
    return true
  }
}

/**
 * Counts a request against its network's limit, and fails when the limit is used up. Cloudflare counts in each of its
 * locations separately and a moment late, so this dampens abuse but does not count exactly. With RATE_LIMITS "off" nothing is
 * counted; a mistyped value does not turn limits off.
 */
export const checkRateLimit = async (
  limit: LimitName,
  { request, env }: { request: Request; env: Env },
): Promise<Failure | undefined> => {
  if (env.RATE_LIMITS === 'off') return undefined
  const allowed = await isAllowed(limit, env, networkOf(request.headers))
  return allowed ? undefined : { failure: 'too-many-requests' }
}
