import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** What all random inputs of a run are drawn from. */
    seed: number
    /** Whether this is `npm run test:long`. */
    isLong: boolean
  }
}

/** Whether this is the long form of the suite, `npm run test:long`. */
export const isLong = inject('isLong')

/** How much of something is tried: some in `npm test`, much more in `npm run test:long`. */
export const amount = (short: number, long: number): number => (isLong ? long : short)
