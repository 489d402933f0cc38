import { cannotWrite } from '../lines/trouble.ts'

/** Whoever reads our output has read enough, as `head` does. */
export const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')

/** Writes a line to standard output. Throws a CommandFailure when it cannot be written there, as on a full disk. */
export const print = async (text: string): Promise<void> =>
  await new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => {
      if (!error || isClosedPipe(error)) resolve()
      else reject(cannotWrite('standard output', error))
    })
  })
