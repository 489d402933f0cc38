import { dayMilliseconds } from '../../src/contributions/instant.ts'
import type { Chance } from './chance.ts'
import { aMessage, type SentMessage } from './message.ts'
import { foundersOf, userOf, type Fate, type Person } from './people.ts'
import type { Rhythm } from './rhythm.ts'

/** Each befalls one of the busier people who are no founders; who leaves does so as many days before the end. */
const fates: readonly [fate: Fate, daysBeforeEnd: number][] = [
  ['bot', 0],
  ['hidden', 40],
  ['inactive', 60],
  ['erased', 90],
]

/** The very busiest stay. */
const untouched = 3

const renamed = 0.04

/** The same people, some of them with a fate, some with a username that they used to have. */
export const decideFates = (people: readonly Person[], rhythm: Rhythm, chance: Chance): Person[] => {
  const founders = new Set(foundersOf(people))
  const busiest = people
    .filter((person) => !founders.has(person))
    .toSorted((left, right) => right.shares.answer - left.shares.answer)
  return people.map((person) => {
    const [fate, daysBeforeEnd = 0] = fates[busiest.indexOf(person) - untouched] ?? []
    if (fate) return { ...person, fate, leftAt: rhythm.to - daysBeforeEnd * dayMilliseconds }
    if (!chance.happens(renamed)) return person
    const until = rhythm.after(person.joinedAt, 200 * dayMilliseconds)
    return { ...person, formerly: { username: `${person.username}_old`, until } }
  })
}

const tellFate = ({ id, fate, joinedAt, leftAt }: Person): SentMessage[] => {
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

/** What a site says of its users besides their contributions. */
export const tellFates = (people: readonly Person[]): SentMessage[] =>
  people.flatMap((person) => {
    const { formerly } = person
    const newName = formerly ? [aMessage('user.updated', formerly.until, userOf(person, formerly.until))] : []
    return [...newName, ...tellFate(person)]
  })
