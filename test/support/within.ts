const minutes = 10

// Kept from before a test fakes them.
const { setTimeout, clearTimeout } = globalThis

/**
 * Waits for a promise for ten minutes, which is longer than it takes on any machine. Then throws an error that names `what`.
 */
export const within = async <Value>(what: string, coming: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const never = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`${what} is still pending after ${minutes} minutes`))
    timer = setTimeout(fail, minutes * 60_000)
  })
  return await Promise.race([coming, never]).finally(() => clearTimeout(timer))
}
