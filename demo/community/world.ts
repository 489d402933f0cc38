import { dayMilliseconds, type Instant } from '../../src/contributions/instant.ts'
import { Lottery, type Chance } from './chance.ts'
import type { Activity, Person } from './people.ts'
import type { Rhythm } from './rhythm.ts'

const monthMilliseconds = 30 * dayMilliseconds

const monthOf = (instant: Instant): number => Math.floor(instant / monthMilliseconds)

/** Draws the person who does something in a month from those present, weighted by activity. */
class Crowd {
  #people: readonly Person[]
  #chance: Chance
  #lotteries = new Map<string, Lottery<Person>>()

  constructor(people: readonly Person[], chance: Chance) {
    this.#people = people
    this.#chance = chance
  }

  /** Draws a person, among the speakers of a language if one is given. Every language has founders, who never leave. */
  pick(activity: Activity, at: Instant, locale?: string): Person {
    const month = monthOf(at)
    const key = `${activity} ${month} ${locale ?? ''}`
    const lottery = this.#lotteries.get(key) ?? this.#lotteryOf(activity, month, locale)
    this.#lotteries.set(key, lottery)
    return lottery.draw(this.#chance)
  }

  #lotteryOf(activity: Activity, month: number, locale: string | undefined): Lottery<Person> {
    const isThere = ({ joinedAt, leftAt }: Person): boolean =>
      monthOf(joinedAt) <= month && month <= monthOf(leftAt)
    return new Lottery(
      this.#people.filter((person) => isThere(person) && (locale ?? person.locale) === person.locale),
      ({ shares }) => shares[activity],
    )
  }
}

/** What all parts of the community are generated from. */
export interface World {
  chance: Chance
  rhythm: Rhythm
  crowd: Crowd
  /** The person who makes the first contribution. */
  founder: Person
  /** Returns the next ID for a kind of content: `demo-1`, `demo-2`. */
  idOf: (kind: string) => string
}

export const worldOf = (people: readonly Person[], rhythm: Rhythm, chance: Chance): World => {
  const [founder] = people
  if (founder === undefined) throw new Error('A community needs at least one person')
  const made = new Map<string, number>()
  const idOf = (kind: string): string => {
    const count = (made.get(kind) ?? 0) + 1
    made.set(kind, count)
    return `demo-${count}`
  }
  return { chance, rhythm, crowd: new Crowd(people, chance), founder, idOf }
}
