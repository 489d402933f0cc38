import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The seed of all random inputs of a run. */
    seed: number
    /** Whether this is `npm run test:long`. */
    isLong: boolean
  }
}

/** Whether this is the long form of the suite, `npm run test:long`. */
export const isLong = inject('isLong')

/** Chooses how much to try: `short` in `npm test`, `long` in `npm run test:long`. */
export const amount = (short: number, long: number): number => (isLong ? long : short)
