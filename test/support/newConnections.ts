/*
 * In tests, `fetch` opens a connection for each request. A server closes one that has been idle for a few seconds, so on a
 * busy machine a request could be sent on it at that moment, and fail.
 */
const fetchOnAny = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
  headers.set('connection', 'close')
  return await fetchOnAny(input, { ...init, headers })
}
