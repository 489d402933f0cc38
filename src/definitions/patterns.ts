/** A locale: a language and, after hyphens, further parts, at most 35 characters in all. */
export const localePattern = /^(?=.{1,35}$)[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/

/** The name of a product or of a group. */
export const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** Matches the empty string, and what a pattern from `^` to `$` matches. */
export const orEmpty = ({ source }: RegExp): RegExp => new RegExp(`^(?:${source.slice(1, -1)})?$`)
