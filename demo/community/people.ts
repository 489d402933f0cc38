import { dayMilliseconds, type Instant } from '../../src/contributions/instant.ts'
import type { Profile } from '../../src/contributions/user.ts'
import { Lottery, type Chance } from './chance.ts'
import type { SentContribution } from './message.ts'
import { languages, NameGiver, type Names } from './names.ts'
import type { Rhythm } from './rhythm.ts'

/** What people do, and the percentage of people who do it. */
const perHundred = { ask: 92, answer: 26, edit: 16, review: 6 }
export type Activity = keyof typeof perHundred

/** The exponent of the power law that relates activity to rank. Higher values make the busiest people stand out more. */
const steepness: Record<Activity, number> = { ask: 0.45, answer: 0.75, edit: 0.6, review: 0.5 }

export type Fate = 'bot' | 'hidden' | 'inactive' | 'erased'

export interface Person extends Names {
  id: number
  locale: string
  joinedAt: Instant
  leftAt: Instant
  /** Why boards do not show them: bots from the start, all others from the day they leave. */
  fate?: Fate
  /** Their earlier username, and until when they had it. */
  formerly?: { username: string; until: Instant }
  /** Their relative share of each activity. */
  shares: Record<Activity, number>
}

/** The first user ID of the community, far from IDs that a developer is likely to use. */
export const firstUserId = 800_001

/** How many people of each language never leave, so that someone can always answer. */
const foundersPerLanguage = 3

export const foundersOf = (people: readonly Person[]): Person[] =>
  people.slice(0, foundersPerLanguage * languages.length)

const languagesOf = (count: number, chance: Chance): (typeof languages)[number][] => {
  const founders = Array.from({ length: foundersPerLanguage }, () => languages).flat()
  const lottery = new Lottery(languages, ({ perHundred: share }) => share)
  const others = Array.from({ length: count - founders.length }, () => lottery.draw(chance))
  return [...founders, ...others]
}

/** Each person's share of an activity. Founders take part in everything. */
const sharesOf = (activity: Activity, count: number, founders: number, chance: Chance): number[] => {
  const ranks = chance.shuffle(Array.from({ length: count }, (_, index) => index + 1))
  return ranks.map((rank, index) => {
    const isActive = index < founders || chance.happens(perHundred[activity] / 100)
    return isActive ? rank ** -steepness[activity] : 0
  })
}

/** People in the order in which they join, with the founders of every language first. */
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

/** A person's final profile, as the API shows it. */
export const profileOf = ({ id, username, displayName }: Person): Profile => ({
  id,
  username,
  display_name: displayName,
  avatar_url: null,
})

/** The user facts in a message sent at an instant. */
export const userOf = (
  { id, username, displayName, formerly }: Person,
  at: Instant,
): SentContribution['user'] => ({
  id,
  username: formerly && at < formerly.until ? formerly.username : username,
  display_name: displayName,
})
