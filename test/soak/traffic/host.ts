import { Miniflare, type MiniflareOptions } from 'miniflare'

/*
 * A process that only holds a Worker: started as a group of its own, with workerd in it, so that one SIGKILL ends all
 * of it at once. Its parent tells it what to run, and when: to load miniflare takes most of a start, so a host is
 * made ready while another is at work. SIGTERM stops it in order, and so does the end of its parent.
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
