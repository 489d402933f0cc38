const utf8 = new TextEncoder()

const hmac = async (secret: Uint8Array<ArrayBuffer>, usage: 'sign' | 'verify'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, [usage])

/** Whether `X-Discourse-Event-Signature` is the signature of exactly these bytes. Compares in constant time. */
export const isSignedByDiscourse = async (
  header: string | null,
  body: Uint8Array<ArrayBuffer>,
  secret: string,
): Promise<boolean> => {
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(header ?? '') ?? []
  if (hex === undefined) return false
  const signature = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  return crypto.subtle.verify('HMAC', await hmac(utf8.encode(secret), 'verify'), signature, body)
}

/** The headers of a message to Perennial, signed as Standard Webhooks specifies. `secret` is `whsec_<base64>`. */
export const signedHeaders = async (
  id: string,
  body: string,
  secret: string,
  now: number,
): Promise<Record<string, string>> => {
  const key = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (character) => character.charCodeAt(0))
  const timestamp = String(Math.floor(now / 1000))
  const signed = utf8.encode(`${id}.${timestamp}.${body}`)
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', await hmac(key, 'sign'), signed))
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${btoa(String.fromCharCode(...signature))}`,
  }
}
