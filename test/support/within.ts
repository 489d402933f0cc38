const minutes = 10

// As they are when this is loaded: a test may fake them later.
const { setTimeout, clearTimeout } = globalThis

/**
 * Waits for something that must come, however slow the machine is. What has not come after ten minutes never will, and
 * the error says what it was.
 */
export const within = async <Value>(what: string, coming: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const never = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`${what} has not come to an end after ${minutes} minutes`))
    timer = setTimeout(fail, minutes * 60_000)
  })
  return await Promise.race([coming, never]).finally(() => clearTimeout(timer))
}
