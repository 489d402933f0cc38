/** The only address on which the local Worker listens: its secrets are public. */
export const localAddress = '127.0.0.1'

/** The port of `npm start`, and of the Worker that other commands address, by default. */
export const defaultPort = 8787

/** The origin of a Worker on a port of this machine. */
export const localOrigin = (port: number): string => `http://${localAddress}:${port}`

const localHosts = new Set([localAddress, 'localhost', '[::1]'])

/** Whether an address belongs to this machine, so that requests to it never leave it. */
export const isLocal = ({ hostname }: URL): boolean => localHosts.has(hostname)
