const localHosts = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether an address is this machine's own, so that what is sent there never leaves it. */
export const isLocal = ({ hostname }: URL): boolean => localHosts.has(hostname)
