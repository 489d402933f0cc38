import { dayMilliseconds, type Instant } from '../../src/contributions/instant.ts'
import { Lottery, type Chance } from './chance.ts'
import type { Activity, Person } from './people.ts'

const monthMilliseconds = 30 * dayMilliseconds

const monthOf = (instant: Instant): number => Math.floor(instant / monthMilliseconds)

/** Who does something in a month: people who have joined and not left, the busiest ones most often. */
export class Crowd {
  #people: readonly Person[]
  #chance: Chance
  #lotteries = new Map<string, Lottery<Person>>()

  constructor(people: readonly Person[], chance: Chance) {
    this.#people = people
    this.#chance = chance
  }

  /** Somebody, of those who speak a language if it is given: founders of each are always there. */
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
