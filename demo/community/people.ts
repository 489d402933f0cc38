import { dayMilliseconds, type Instant } from '../../src/contributions/instant.ts'
import type { Profile } from '../../src/contributions/user.ts'
import { Lottery, type Chance } from './chance.ts'
import type { SentContribution } from './message.ts'
import { languages, NameGiver, type Names } from './names.ts'
import type { Rhythm } from './rhythm.ts'

/** What people do, and how many of a hundred do it. */
const perHundred = { ask: 92, answer: 26, edit: 16, review: 6 }
export type Activity = keyof typeof perHundred

/** How steeply the most active stand out: the power of a law by rank. */
const steepness: Record<Activity, number> = { ask: 0.45, answer: 0.75, edit: 0.6, review: 0.5 }

export type Fate = 'bot' | 'hidden' | 'inactive' | 'erased'

export interface Person extends Names {
  id: number
  locale: string
  joinedAt: Instant
  leftAt: Instant
  /** What takes them off the boards: at once for a bot, when they leave for the others. */
  fate?: Fate
  /** They had another username until then. */
  formerly?: { username: string; until: Instant }
  /** How much of each activity is theirs, in proportion. */
  shares: Record<Activity, number>
}

/** The first id of the community: far from those that a developer tries things with. */
export const firstUserId = 800_001

/** How many of each language are there from the beginning to the end, so that somebody always answers. */
const foundersPerLanguage = 3

export const foundersOf = (people: readonly Person[]): Person[] =>
  people.slice(0, foundersPerLanguage * languages.length)

const languagesOf = (count: number, chance: Chance): (typeof languages)[number][] => {
  const founders = Array.from({ length: foundersPerLanguage }, () => languages).flat()
  const lottery = new Lottery(languages, ({ perHundred: share }) => share)
  const others = Array.from({ length: count - founders.length }, () => lottery.draw(chance))
  return [...founders, ...others]
}

/** A share of an activity for each of `count` people; founders have some of everything. */
const sharesOf = (activity: Activity, count: number, founders: number, chance: Chance): number[] => {
  const ranks = chance.shuffle(Array.from({ length: count }, (_, index) => index + 1))
  return ranks.map((rank, index) => {
    const isActive = index < founders || chance.happens(perHundred[activity] / 100)
    return isActive ? rank ** -steepness[activity] : 0
  })
}

/** People in the order in which they join: founders of every language first, then more and more. */
export const makePeople = (count: number, rhythm: Rhythm, chance: Chance): Person[] => {
  const names = new NameGiver(chance)
  const founders = foundersPerLanguage * languages.length
  const joining = rhythm.drawMany(count - founders)
  const shares = {
    ask: sharesOf('ask', count, founders, chance),
    answer: sharesOf('answer', count, founders, chance),
    edit: sharesOf('edit', count, founders, chance),
    review: sharesOf('review', count, founders, chance),
  }
  return languagesOf(count, chance).map((language, index) => {
    const joinedAt = joining[index - founders] ?? rhythm.from
    const leaves = index >= founders && chance.happens(0.4)
    const { username, displayName } = names.give(language)
    return {
      id: firstUserId + index,
      username,
      displayName,
      locale: language.locale,
      joinedAt,
      leftAt: leaves ? joinedAt + chance.waiting(300 * dayMilliseconds) : rhythm.to,
      shares: {
        ask: shares.ask[index] ?? 0,
        answer: shares.answer[index] ?? 0,
        edit: shares.edit[index] ?? 0,
        review: shares.review[index] ?? 0,
      },
    }
  })
}

/** A person as public pages name them in the end. */
export const profileOf = ({ id, username, displayName }: Person): Profile => ({
  id,
  username,
  display_name: displayName,
  avatar_url: null,
})

/** A person as what is sent at an instant names them. */
export const userOf = (
  { id, username, displayName, formerly }: Person,
  at: Instant,
): SentContribution['user'] => ({
  id,
  username: formerly && at < formerly.until ? formerly.username : username,
  display_name: displayName,
})
