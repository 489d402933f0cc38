import type { ContributionType } from '../../src/definitions/definitions.ts'
import type { Content } from '../../src/contributions/contribution.ts'
import { dayMilliseconds, formatInstant, type Instant } from '../../src/contributions/instant.ts'
import { Lottery } from './chance.ts'
import { aMessage, retracted, type SentContribution, type SentMessage } from './message.ts'
import { userOf, type Person } from './people.ts'
import type { World } from './world.ts'

const hour = 3_600_000

/** The products of the site, with their percentages of the questions. */
const products: readonly [product: string, perHundred: number][] = [
  ['firefox', 58],
  ['mobile', 13],
  ['thunderbird', 12],
  ['ios', 6],
  ['mozilla-account', 5],
  ['mozilla-vpn', 4],
  ['relay', 2],
]

export interface Question {
  at: Instant
  content: Content
  asker: Person
  locale: string
  product: string
}

export interface Answer {
  at: Instant
  content: Content
  author: Person
  question: Question
}

/** Questions in chronological order. The first founder asks the first one at the first instant. */
export const askQuestions = ({ chance, rhythm, crowd, founder, idOf }: World, count: number): Question[] => {
  const ofProducts = new Lottery(products, ([, perHundred]) => perHundred)
  const ask = (at: Instant, asker: Person): Question => ({
    at,
    content: { type: 'questions.question', id: idOf('question') },
    asker,
    locale: chance.happens(0.88) ? asker.locale : 'en-US',
    product: ofProducts.draw(chance)[0],
  })
  const later = rhythm.drawMany(count - 1).map((at) => ask(at, crowd.pick('ask', at)))
  return [ask(rhythm.from, founder), ...later]
}

/** An answer some hours after its question. */
export const answer = (
  { rhythm, idOf }: World,
  question: Question,
  authorAt: (at: Instant) => Person,
): Answer => {
  const at = rhythm.after(question.at, 9 * hour)
  const content = { type: 'questions.answer', id: idOf('answer') }
  return { at, content, author: authorAt(at), question }
}

/** Answers to some of the questions. A few questions get many answers, and some askers answer their own questions. */
export const answerQuestions = (world: World, questions: readonly Question[], count: number): Answer[] => {
  const { chance, crowd } = world
  const ofQuestions = new Lottery(questions, () => chance.waiting(1))
  return Array.from({ length: count }, () => {
    const question = ofQuestions.draw(chance)
    const isSelf = chance.happens(0.07)
    return answer(world, question, (at) =>
      isSelf ? question.asker : crowd.pick('answer', at, question.locale),
    )
  })
}

/** The contribution of a question. */
export const questionContribution = ({
  at,
  content,
  asker,
  locale,
  product,
}: Question): SentContribution => ({
  type: 'question',
  user: userOf(asker, at),
  occurred_at: formatInstant(at),
  content,
  locale,
  product,
})

/** A contribution credited to the author of an answer: the answer itself, or a later solution or vote. */
export const credited = (
  type: ContributionType,
  { content, author, question }: Answer,
  at: Instant,
): SentContribution => ({
  type,
  user: userOf(author, at),
  occurred_at: formatInstant(at),
  content,
  parent: question.content,
  locale: question.locale,
  product: question.product,
  ...(author === question.asker && { self: true }),
})

/** Chooses solutions of `count` questions, some days after they were asked. */
export const solve = ({ chance, rhythm }: World, answers: readonly Answer[], count: number) => {
  const firstOf = new Map(chance.shuffle(answers).map((each) => [each.question, each]))
  return [...firstOf.values()].slice(0, count).map((chosen) => {
    const at = rhythm.after(chosen.at, 30 * hour)
    return { at, contribution: credited('solution', chosen, at) }
  })
}

/** Helpful votes. A few answers get many votes. */
export const vote = ({ chance, rhythm, idOf }: World, answers: readonly Answer[], count: number) => {
  const ofAnswers = new Lottery(answers, () => chance.waiting(1) ** 2)
  return Array.from({ length: count }, () => {
    const chosen = ofAnswers.draw(chance)
    const at = rhythm.after(chosen.at, 200 * hour)
    const { self: _, ...contribution } = credited('helpful_vote', chosen, at)
    const content = { type: 'questions.answervote', id: idOf('vote') }
    return { ...contribution, content, parent: chosen.content }
  })
}

/** The share of solutions that are withdrawn, and the share of those that are chosen again. */
const withdrawn = 0.05
const reselectedShare = 0.4

/** Messages of askers who change their mind about a solution, some of them twice. */
export const changeMinds = (
  { chance, rhythm }: World,
  solutions: readonly { at: Instant; contribution: SentContribution }[],
): SentMessage[] =>
  solutions.flatMap(({ at, contribution: { content } }) => {
    if (!chance.happens(withdrawn)) return []
    const withdrawnAt = rhythm.after(at, 3 * dayMilliseconds)
    const withdrawal = retracted(withdrawnAt, content, 'unsolved', 'solution')
    if (!chance.happens(reselectedShare)) return [withdrawal]
    const reselectedAt = rhythm.after(withdrawnAt, 2 * dayMilliseconds)
    return [withdrawal, aMessage('contribution.restored', reselectedAt, { content, type: 'solution' })]
  })
