/** The only address on which the local Worker listens, because its secrets are public. */
export const localAddress = '127.0.0.1'

/** The default port of `npm start`, and of the Worker that other commands use. */
export const defaultPort = 8787

/** The origin of a Worker on a port of this machine. */
export const localOrigin = (port: number): string => `http://${localAddress}:${port}`

const localHosts = new Set([localAddress, 'localhost', '[::1]'])

/** Whether requests to a URL stay on this machine. */
export const isLocal = ({ hostname }: URL): boolean => localHosts.has(hostname)
