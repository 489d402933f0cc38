import type { Content } from '../../src/contributions/contribution.ts'
import { dayMilliseconds, formatInstant, type Instant } from '../../src/contributions/instant.ts'
import { itemsMax } from '../../src/ingest/schemas.ts'
import { Chance } from './chance.ts'
import { decideFates, fateMessages } from './fates.ts'
import { forSite } from './forSite.ts'
import { answerQuestions, askQuestions, changeMinds, questionContribution, solve, vote } from './forum.ts'
import { editDocuments, reviewEdits } from './knowledgeBase.ts'
import { created, type SentContribution, type SentMessage } from './message.ts'
import { makePeople, type Person } from './people.ts'
import { Rhythm } from './rhythm.ts'
import { advertise, advertiseInDisguise, answerMessages, filteredSpam, removeSpam } from './spam.ts'
import { worldOf } from './world.ts'

/** How long the community has existed. */
export const communityMilliseconds = 3 * 365 * dayMilliseconds

const seed = 20_091_104
const peopleCount = 400
/** The last people to join are spammers; the last two of them are in disguise. */
const spammerCount = 8
const disguisedCount = 2

/** How many of each kind to make. The log records 40,000 contributions, and ignores the filtered spam. */
const counts = {
  question: 10_500,
  answer: 14_880,
  spam: 400,
  disguised: 220,
  mistakenForSpam: 60,
  filteredSpam: 260,
  solution: 3_400,
  edit: 5_600,
  review: 3_200,
  vote: 1_740,
  voteForDisguised: 60,
}

/** A made-up community, and the messages that its site sends. */
export interface Community {
  /** The instant of the first contribution, which the first founder makes. */
  from: Instant
  to: Instant
  people: readonly Person[]
  /** Everything that happened, in chronological order. */
  messages: readonly SentMessage[]
  /** Deletes the content of the oldest third of the contributions, up to `deletedUntil`. */
  deletions: readonly SentMessage[]
  deletedUntil: Instant
  /** Retracts every contribution of the spammers in disguise. */
  retractions: readonly SentMessage[]
  disguised: readonly Person[]
}

const byTime = (left: SentMessage, right: SentMessage): number =>
  Date.parse(left.timestamp) - Date.parse(right.timestamp)

/** Splits items into messages of the maximum size, all with the same timestamp. */
const inBatches = (type: SentMessage['type'], at: Instant, items: readonly unknown[]): SentMessage[] =>
  Array.from({ length: Math.ceil(items.length / itemsMax) }, (_, index) => ({
    type,
    timestamp: formatInstant(at),
    data: items.slice(index * itemsMax, (index + 1) * itemsMax),
  }))

const isContribution = ({ type }: SentMessage): boolean => type === 'contribution.created'

const contentsOf = (messages: readonly SentMessage[]): Content[] => {
  const items = messages.flatMap(({ data }) => data as readonly SentContribution[])
  return [...new Map(items.map(({ content }) => [`${content.type} ${content.id}`, content])).values()]
}

const oldestThird = (messages: readonly SentMessage[]): SentMessage[] => {
  const contributions = messages.filter(isContribution)
  return contributions.slice(0, Math.floor(contributions.length / 3))
}

/** Makes a community. The same first instant always gives the same community, byte for byte. */
export const makeCommunity = (from: Instant): Community => {
  const chance = new Chance(seed)
  const to = from + communityMilliseconds
  // Instants depend on the weekday of `from`. They have their own random sequence, so that names and activities do not
  // depend on it.
  const rhythm = new Rhythm(from, to, new Chance(seed + 1))
  const everyone = makePeople(peopleCount, rhythm, chance)
  const people = decideFates(everyone.slice(0, -spammerCount), rhythm, chance)
  const spammers = everyone.slice(-spammerCount, -disguisedCount)
  const disguised = everyone.slice(-disguisedCount)
  const world = worldOf(people, rhythm, chance)

  const questions = askQuestions(world, counts.question)
  const answers = answerQuestions(world, questions, counts.answer)
  const spam = advertise(world, spammers, questions, counts.spam)
  const inDisguise = advertiseInDisguise(world, disguised, questions, counts.disguised)
  const solutions = solve(world, [...answers, ...inDisguise], counts.solution)
  const votesInDisguise = vote(world, inDisguise, counts.voteForDisguised)
  const edits = editDocuments(world, counts.edit)
  const contributions = [
    ...questions.map(questionContribution),
    ...solutions.map(({ contribution }) => contribution),
    ...edits.map(({ contribution }) => contribution),
    ...reviewEdits(world, edits, counts.review),
    ...vote(world, answers, counts.vote),
    ...votesInDisguise,
  ]
  const messages = forSite([
    ...fateMessages(people),
    ...contributions.map(created),
    ...answerMessages([...answers, ...spam, ...inDisguise]),
    ...filteredSpam(world, spammers, counts.filteredSpam),
    ...changeMinds(world, solutions),
    ...removeSpam(world, spam, false),
    ...removeSpam(world, chance.shuffle(answers).slice(0, counts.mistakenForSpam), true),
  ]).sort(byTime)
  const oldest = oldestThird(messages)
  const deleted = contentsOf(oldest).map((content) => ({ content }))
  const retracted = [...inDisguise, ...votesInDisguise].map(({ content }) => ({ content, reason: 'spam' }))
  return {
    from,
    to,
    people: [...people, ...spammers, ...disguised],
    messages,
    deletions: inBatches('content.deleted', to, deleted),
    deletedUntil: Date.parse(oldest.at(-1)?.timestamp ?? ''),
    retractions: inBatches('contribution.retracted', to, retracted),
    disguised,
  }
}
