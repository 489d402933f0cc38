import type { Content } from '../../src/contributions/contribution.ts'
import { dayMilliseconds, formatInstant, type Instant } from '../../src/contributions/instant.ts'
import { answer, credited, type Answer, type Question } from './forum.ts'
import { aMessage, created, retracted, type SentMessage } from './message.ts'
import { userOf, type Person } from './people.ts'
import type { World } from './world.ts'

/** The duration of the disguised campaign in days. */
const campaignDays = 85

/** Answers of spammers to random questions. */
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

/** Answers of spammers from the last weeks that look so useful that moderators have not noticed them. */
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

/** Contributions that the site's spam filter caught. They are sent, but not recorded. */
export const filteredSpam = (
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

/** The contributions of answers. */
export const answerMessages = (answers: readonly Answer[]): SentMessage[] =>
  answers.map((each) => created(credited('answer', each, each.at)))

/** Messages of moderators who remove contents as spam within days, and restore them if that was a mistake. */
export const removeSpam = (
  { rhythm, chance }: World,
  spam: readonly { at: Instant; content: Content }[],
  isMistake: boolean,
): SentMessage[] =>
  spam.flatMap(({ at, content }) => {
    const removedAt = rhythm.after(at, 1.5 * dayMilliseconds)
    const removed = retracted(removedAt, content, 'spam')
    if (!isMistake) return [removed]
    const reason = chance.happens(0.5) ? { reason: 'mistake' } : {}
    const restoredAt = rhythm.after(removedAt, dayMilliseconds)
    return [removed, aMessage('contribution.restored', restoredAt, { content, ...reason })]
  })
