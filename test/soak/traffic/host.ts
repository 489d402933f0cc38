import { Miniflare, type MiniflareOptions } from 'miniflare'

/*
 * A process that only runs a Worker. It is a process group with its workerd, so that one SIGKILL ends both at once. Its
 * parent sends it the options to run: loading miniflare takes most of a start, so a host is prepared while another one runs.
 * SIGTERM stops it gracefully, and so does the end of its parent.
 */

const run = async (options: MiniflareOptions): Promise<void> => {
  const miniflare = new Miniflare(options)
  const stop = async (): Promise<void> => {
    await miniflare.dispose()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  const url = await miniflare.unsafeGetDirectURL()
  process.send?.(url.origin)
}

process.once('disconnect', () => process.exit(1)) // miniflare takes workerd along
process.once('message', (options) => void run(options as MiniflareOptions))
