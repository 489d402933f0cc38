import { dayMilliseconds, formatInstant } from '../../src/contributions/instant.ts'
import { answer, credited, type Answer, type Question } from './forum.ts'
import { created, type SentMessage } from './message.ts'
import { userOf, type Person } from './people.ts'
import type { World } from './world.ts'

/** How long a campaign goes on before it is seen through. */
const campaignDays = 85

/** Answers by people who answer to advertise, to any question. */
export const advertise = (
  world: World,
  spammers: readonly Person[],
  questions: readonly Question[],
  count: number,
): Answer[] =>
  Array.from({ length: count }, () => {
    const spammer = world.chance.of(spammers)
    return answer(world, world.chance.of(questions), () => spammer)
  })

/** Answers of the last weeks before the end, so useful at a glance that nobody has noticed yet. */
export const advertiseInDisguise = (
  world: World,
  spammers: readonly Person[],
  questions: readonly Question[],
  count: number,
): Answer[] => {
  const from = world.rhythm.to - campaignDays * dayMilliseconds
  return advertise(
    world,
    spammers,
    questions.filter(({ at }) => at >= from),
    count,
  )
}

/** Contributions that the site's filter held back before anybody saw them: sent, and not recorded. */
export const heldBack = (
  { chance, rhythm, idOf }: World,
  spammers: readonly Person[],
  count: number,
): SentMessage[] =>
  Array.from({ length: count }, () => {
    const at = rhythm.draw()
    return created({
      type: 'question',
      user: userOf(chance.of(spammers), at),
      occurred_at: formatInstant(at),
      content: { type: 'questions.question', id: idOf('question') },
      locale: 'en-US',
      product: 'firefox',
      spam: true,
    })
  })

/** What each of these answers is credited with at once. */
export const answered = (answers: readonly Answer[]): SentMessage[] =>
  answers.map((each) => created(credited('answer', each, each.at)))
