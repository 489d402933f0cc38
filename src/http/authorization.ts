const digest = async (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))

/**
 * Whether an Authorization header carries the operator's token (RFC 6750). Compares digests in constant time, so
 * neither the token's length nor a shared beginning shows in how long it takes.
 */
export const isAuthorized = async (header: string | null, token: string): Promise<boolean> => {
  const given = /^Bearer +(.+)$/i.exec(header ?? '')?.[1]
  if (given === undefined) return false
  const [left, right] = await Promise.all([digest(given), digest(token)])
  return crypto.subtle.timingSafeEqual(left, right)
}
