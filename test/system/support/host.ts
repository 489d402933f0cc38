import { createInterface } from 'node:readline'
import { Miniflare, type MiniflareOptions } from 'miniflare'

/*
 * A process that runs a Worker: it reads the options for miniflare as a line of JSON, and prints the Worker's address. It is
 * started as a process group, so that one SIGKILL ends it and its workerd at once. SIGTERM stops it gracefully, and so does
 * the end of standard input, which comes with the end of its parent.
 *
 * Loading miniflare takes most of a start, so a host can be started before there is something to run.
 */

const run = async (options: MiniflareOptions): Promise<void> => {
  const miniflare = new Miniflare({
    ...options,
    // Passing on the line of each request would take as long as some requests.
    handleStructuredLogs: ({ level, message }) => {
      if (level === 'error') console.error(message)
    },
  })
  process.once('SIGTERM', () => void miniflare.dispose().then(() => process.exit(0)))
  const isDirect = options.workers[0]?.dev?.unsafeDirectSockets !== undefined
  const { origin } = await (isDirect ? miniflare.unsafeGetDirectURL() : miniflare.ready)
  console.log(origin)
}

const input = createInterface({ input: process.stdin })
input.once('line', (line) => void run(JSON.parse(line) as MiniflareOptions))
input.once('close', () => process.exit(1)) // miniflare takes workerd along
