import { compareCodePoints } from './user.ts'

/** The `limit` names with the highest volumes, highest first, then by name. */
export const namesWithMost = (volumes: ReadonlyMap<string, number>, limit: number): string[] =>
  [...volumes]
    .sort(([one, more], [other, less]) => less - more || compareCodePoints(one, other))
    .slice(0, limit)
    .map(([name]) => name)
