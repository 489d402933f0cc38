import { Chance } from './chance.ts'
import { Crowd } from './crowd.ts'
import type { Person } from './people.ts'
import type { Rhythm } from './rhythm.ts'

/** What everything that is made up draws on. */
export interface World {
  chance: Chance
  rhythm: Rhythm
  crowd: Crowd
  /** There from the first instant to the last. */
  founder: Person
  /** The next id of a kind of content: `demo-1`, `demo-2`. */
  idOf: (kind: string) => string
}

/** A world in which `people` do things. */
export const worldOf = (people: readonly Person[], rhythm: Rhythm, chance: Chance): World => {
  const [founder] = people
  if (founder === undefined) throw new Error('Cannot make a community of nobody')
  const made = new Map<string, number>()
  const idOf = (kind: string): string => {
    const count = (made.get(kind) ?? 0) + 1
    made.set(kind, count)
    return `demo-${count}`
  }
  return { chance, rhythm, crowd: new Crowd(people, chance), founder, idOf }
}
