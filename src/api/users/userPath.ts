import { notFound, type Problem } from '../../http/problem.ts'

/** The user that a path names: a whole number from 1 to 2^53 − 1, written without leading zeros. */
export const userIdOf = (segment: string | undefined): number | undefined => {
  if (segment === undefined || !/^[1-9][0-9]{0,15}$/.test(segment)) return undefined
  const id = Number(segment)
  return Number.isSafeInteger(id) ? id : undefined
}

/** One answer whether a user was never named, was erased, or the path is no id. */
export const noSuchUser = (): Problem =>
  notFound('Cannot find this user: no message named them, or they were erased')
