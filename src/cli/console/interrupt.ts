import { CommandFailure } from '../command.ts'

/** Ctrl-C asks to stop at the next moment when nothing is half done; a second one ends the process at once. */
export const onInterrupt = (): AbortSignal => {
  const stop = new AbortController()
  const reason = new CommandFailure('Stopped before anything was written')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop.abort(reason))
  return stop.signal
}
