import type { ContributionType, ResponseTypes, Rule } from '../../definitions/definitions.ts'
import type { Instant } from '../instant.ts'
import { isInLocale, type Filter } from '../selection.ts'
import { Activity } from './activity.ts'
import { Questions } from './responses.ts'
import { Reversals } from './reversals.ts'

/** The properties of an entry that rules and filters depend on. There are few distinct kinds. */
export interface EntryKind {
  type: ContributionType
  /** 1 for an entry that counts; −1 for one that reverses an earlier entry, whose other values it repeats. */
  delta: 1 | -1
  self: boolean
  locale: string
  product: string
}

/** Entries in position order, in columns. People, threads and kinds are numbered from 0. */
export interface EntryColumns {
  kinds: Uint32Array
  people: Uint32Array
  instants: Float64Array
  /** The number of the thread of a question, an answer or a solution, plus 1; 0 for any other entry. */
  threads: Uint32Array
}

/** Entries of the log, which can be read repeatedly, and the kinds that their numbers stand for. */
export interface Entries {
  kinds: readonly EntryKind[]
  /** The number of people, and of threads. */
  people: number
  threads: number
  /**
   * Reads the entries of some types, in position order within each type. With `reversedOnly`, skips parts without
   * reversals.
   */
  read(types: readonly ContributionType[], reversedOnly?: boolean): Iterable<EntryColumns>
}

/** By person's number: 1 for people who do not count, such as system accounts and people outside the requested group. */
export type Excluded = Uint8Array

const isFor = ({ locale, product }: EntryKind, filter: Filter): boolean =>
  (filter.locale ?? locale) === locale && (filter.product ?? product) === product

/** Whether entries of a kind count for a rule and a filter. */
const counts = (kind: EntryKind, rule: Rule, filter: Filter, defaultLocale: string): boolean =>
  rule.types.includes(kind.type) &&
  (rule.countsSelf || !kind.self) &&
  isInLocale(rule.locale, kind.locale, defaultLocale) &&
  isFor(kind, filter)

/** The delta of each chosen kind, by its number; 0 for all others. */
const deltasOf = (kinds: readonly EntryKind[], isChosen: (kind: EntryKind) => boolean): Int8Array =>
  Int8Array.from(kinds, (kind) => (isChosen(kind) ? kind.delta : 0))

type Take = (delta: number, person: number, instant: Instant, thread: number) => void

/** Calls `take` for each chosen entry of a part. A separate function, so that V8 optimizes it once for all parts. */
const forEachIn = (
  { kinds, people, instants, threads }: EntryColumns,
  deltas: Int8Array,
  excluded: Excluded,
  take: Take,
): void => {
  for (let index = 0; index < kinds.length; index += 1) {
    const delta = deltas[kinds[index] ?? 0] ?? 0
    const person = people[index] ?? 0
    if (delta === 0 || excluded[person] === 1) continue
    take(delta, person, instants[index] ?? 0, (threads[index] ?? 0) - 1)
  }
}

/** Calls `take` for each chosen entry by a person who counts. */
const forEachEntry = (
  parts: Iterable<EntryColumns>,
  deltas: Int8Array,
  excluded: Excluded,
  take: Take,
): void => {
  for (const part of parts) forEachIn(part, deltas, excluded, take)
}

/** Defines which entries count as activity. */
export interface ActivityRule extends Filter {
  rule: Rule
  defaultLocale: string
}

/** The activity that a rule and filters count: by interval, and each person's first contribution of all time. */
export const activityIn = (
  entries: Entries,
  { rule, defaultLocale, ...filter }: ActivityRule,
  excluded: Excluded,
  bounds: readonly Instant[],
): Activity => {
  const deltas = deltasOf(entries.kinds, (kind) => counts(kind, rule, filter, defaultLocale))
  const reversals = new Reversals()
  forEachEntry(entries.read(rule.types, true), deltas, excluded, (delta, person, instant) => {
    if (delta < 0) reversals.add(person, instant)
  })
  const activity = new Activity(bounds, entries.people)
  forEachEntry(entries.read(rule.types), deltas, excluded, (delta, person, instant) => {
    if (delta > 0 && !reversals.take(person, instant)) activity.add(person, instant)
  })
  return activity
}

/** Which questions to select (by filter, and asked within `bounds`), and until when replies and solutions count. */
export interface QuestionRule extends Filter {
  bounds: readonly Instant[]
  types: ResponseTypes
  repliedBefore: Instant
}

/** Calls `take` for each standing contribution that matches. */
const forEachStanding = (
  entries: Entries,
  isChosen: (kind: EntryKind) => boolean,
  excluded: Excluded,
  matches: (thread: number, person: number, instant: Instant) => boolean,
  take: (thread: number, instant: Instant) => void,
): void => {
  const deltas = deltasOf(entries.kinds, isChosen)
  const types = [...new Set(entries.kinds.filter(isChosen).map(({ type }) => type))]
  const reversals = new Reversals()
  forEachEntry(entries.read(types, true), deltas, excluded, (delta, person, instant, thread) => {
    if (delta < 0 && matches(thread, person, instant)) reversals.add(thread, instant)
  })
  forEachEntry(entries.read(types), deltas, excluded, (delta, person, instant, thread) => {
    if (delta > 0 && matches(thread, person, instant) && !reversals.take(thread, instant))
      take(thread, instant)
  })
}

/**
 * The selected questions, with their first replies and solutions. `excludedAskers` applies to questions, `systemUsers`
 * to replies and solutions.
 */
export const questionsIn = (
  entries: Entries,
  { types, bounds, repliedBefore, ...filter }: QuestionRule,
  excludedAskers: Excluded,
  systemUsers: Excluded,
): Questions => {
  const questions = new Questions(bounds, entries.threads)
  const asked = deltasOf(entries.kinds, (kind) => kind.type === types.question && isFor(kind, filter))
  // A thread has at most one standing question, and its entries are in order.
  forEachEntry(entries.read([types.question]), asked, excludedAskers, (delta, person, instant, thread) => {
    if (delta > 0) questions.ask(thread, person, instant)
    else questions.withdraw(thread)
  })
  forEachStanding(
    entries,
    ({ type, self }) => type === types.answer && !self,
    systemUsers,
    (thread, person, instant) => instant < repliedBefore && questions.isReply(thread, person, instant),
    (thread, instant) => questions.reply(thread, instant),
  )
  forEachStanding(
    entries,
    ({ type }) => type === types.solution,
    systemUsers,
    (thread, _, instant) => instant < repliedBefore && thread >= 0,
    (thread) => questions.solve(thread),
  )
  return questions
}
