import { cannotWrite, errorCode } from '../lines/files.ts'

/** Whether the reader of our output has closed the pipe, as `head` does once it has enough. */
export const isClosedPipe = (error: unknown): boolean =>
  ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(errorCode(error))

/** Writes a line to standard output. Throws a CommandFailure if the write fails, for example because the disk is full. */
export const print = async (text: string): Promise<void> =>
  await new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) => {
      if (!error || isClosedPipe(error)) resolve()
      else reject(cannotWrite('standard output', error))
    })
  })
