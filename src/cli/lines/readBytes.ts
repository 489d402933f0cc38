import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'

/** RFC 1952 section 2.3.1. */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

/** The place of the first byte from `start` on that is not zero: tape and block devices pad with zeros. */
const afterZeros = async (path: string, start: number): Promise<number> => {
  let place = start
  for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
    const found = chunk.findIndex((byte) => byte !== 0)
    if (found >= 0) return place + found
    place += chunk.length
  }
  return place
}

const readGzip = async function* (path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const { size } = await stat(path)
  let start = 0
  while (start < size) {
    const file = createReadStream(path, { start })
    const gunzip = createGunzip()
    file.on('error', (error) => gunzip.destroy(error))
    try {
      for await (const chunk of file.pipe(gunzip) as AsyncIterable<Buffer>) {
        onBytes(start + file.bytesRead)
        yield chunk
      }
    } finally {
      file.destroy()
    }
    // Node reads on through adjacent members and leaves the rest alone after a zero: what follows must be gzip again.
    start = await afterZeros(path, start + gunzip.bytesWritten)
  }
}

/** The bytes of a file, decompressed if it is gzip: all of its members. `onBytes` hears how much of it was read. */
export const readBytes = async function* (
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  if (await isGzip(path)) return yield* readGzip(path, onBytes)
  const file = createReadStream(path)
  for await (const chunk of file as AsyncIterable<Buffer>) {
    onBytes(file.bytesRead)
    yield chunk
  }
}
