import * as z from 'zod/mini'
import { colorPattern, contrastOf } from './colors.ts'

/* Schemas for the values in a definitions file. Every error says what to use. */

/** A string that matches a pattern. */
export const matching = (pattern: RegExp, error: string) =>
  z.string({ error }).check(z.regex(pattern, { error }))

/** A single line of 1 to `most` characters. */
export const text = (most: number) =>
  matching(
    new RegExp(`^[^\\s\\p{Cc}\\p{Cs}](?:[^\\p{Cc}\\p{Cs}]{0,${most - 2}}[^\\s\\p{Cc}\\p{Cs}])?$`, 'u'),
    `use 1 to ${most} characters, without control characters and without spaces at either end`,
  )

const colorOn = (ground: string, contrastMin: number) => {
  const error = `use a colour like "#2f73c4" with a contrast of at least ${contrastMin}:1 to ${ground}`
  return matching(colorPattern, error).check(
    // A string that is not a colour is reported only by the pattern.
    z.refine((color) => !colorPattern.test(color) || contrastOf(color, ground) >= contrastMin, { error }),
  )
}

/** A colour for each theme, with enough contrast to the theme's background. */
export const colorPair = (grounds: { light: string; dark: string }, contrastMin: number) =>
  z.strictObject(
    { light: colorOn(grounds.light, contrastMin), dark: colorOn(grounds.dark, contrastMin) },
    { error: 'use an object with light and dark' },
  )
