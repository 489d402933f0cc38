import { dayMilliseconds } from '../../src/contributions/instant.ts'
import type { Chance } from './chance.ts'
import { aMessage, type SentMessage } from './message.ts'
import { foundersOf, userOf, type Fate, type Person } from './people.ts'
import type { Rhythm } from './rhythm.ts'

/** Each fate befalls one of the busier people who are not founders. They leave the given number of days before the end. */
const fates: readonly [fate: Fate, daysBeforeEnd: number][] = [
  ['bot', 0],
  ['hidden', 40],
  ['inactive', 60],
  ['erased', 90],
]

/** The number of busiest people who never meet a fate. */
const sparedPeople = 3

/** The share of people who change their username. */
const renamed = 0.04

/** Assigns fates to some people, and former usernames to others. */
export const decideFates = (people: readonly Person[], rhythm: Rhythm, chance: Chance): Person[] => {
  const founders = new Set(foundersOf(people))
  const busiest = people
    .filter((person) => !founders.has(person))
    .toSorted((left, right) => right.shares.answer - left.shares.answer)
  return people.map((person) => {
    const [fate, daysBeforeEnd = 0] = fates[busiest.indexOf(person) - sparedPeople] ?? []
    if (fate) return { ...person, fate, leftAt: rhythm.to - daysBeforeEnd * dayMilliseconds }
    if (!chance.happens(renamed)) return person
    const until = rhythm.after(person.joinedAt, 200 * dayMilliseconds)
    return { ...person, formerly: { username: `${person.username}_old`, until } }
  })
}

const fateOf = ({ id, fate, joinedAt, leftAt }: Person): SentMessage[] => {
  if (fate === undefined) return []
  switch (fate) {
    case 'bot':
      return [aMessage('user.updated', joinedAt, { id, is_system: true })]
    case 'hidden':
      return [aMessage('user.updated', leftAt, { id, is_hidden: true })]
    case 'inactive':
      return [aMessage('user.updated', leftAt, { id, is_active: false })]
    case 'erased':
      return [aMessage('user.erased', leftAt, { id })]
  }
}

/** Messages about users who were renamed or met a fate. */
export const fateMessages = (people: readonly Person[]): SentMessage[] =>
  people.flatMap((person) => {
    const { formerly } = person
    const newName = formerly ? [aMessage('user.updated', formerly.until, userOf(person, formerly.until))] : []
    return [...newName, ...fateOf(person)]
  })
