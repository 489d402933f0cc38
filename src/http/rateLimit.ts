import { parse, isValid } from 'ipaddr.js'
import type { Failure } from '../failure.ts'

/** The limits per network; wrangler.toml sets them per minute. */
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

/** The length of the longest address: IPv6 with an embedded IPv4 address (RFC 4291 section 2.2). */
const addressMax = 45

/** The bytes of an IPv6 address that identify a network. The caller can choose the other half freely. */
const networkBytes = 8

/**
 * The network that a request comes from, as reported by Cloudflare
 * (developers.cloudflare.com/fundamentals/reference/http-headers).
 */
export const networkOf = (headers: Headers): string => {
  const address = headers.get('cf-connecting-ip') ?? ''
  if (address.length > addressMax || !isValid(address)) return 'unknown'
  const parsed = parse(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, networkBytes).join('.') : parsed.toString()
}

/** Whether a limiter allows a request. If the limiter fails, the request is allowed: it must not take the service down. */
const isAllowed = async (limit: LimitName, env: Env, network: string): Promise<boolean> => {
  try {
    const { success } = await limiterOf(env, limit).limit({ key: network })
    return success
  } catch {
    // Omits the error, whose message may contain the network.
    console.error(JSON.stringify({ event: 'rate limiter failed', limited: limit }))
    return true
  }
}

/**
 * Counts a request against its network's limit. Returns a failure if the limit is exceeded. Cloudflare counts per
 * location and with a delay, so this dampens abuse but is not exact. RATE_LIMITS "off" disables all limits; a mistyped
 * value does not.
 */
export const checkRateLimit = async (
  limit: LimitName,
  { request, env }: { request: Request; env: Env },
): Promise<Failure | undefined> => {
  if (env.RATE_LIMITS === 'off') return undefined
  const allowed = await isAllowed(limit, env, networkOf(request.headers))
  return allowed ? undefined : { failure: 'too-many-requests' }
}
