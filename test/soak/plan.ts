import { types, type SentContribution, type SentMessage } from '../support/oracle.ts'
import {
  aUser,
  bystanders,
  contentOf,
  contributionOf,
  contributors,
  firstErasable,
  names,
  type Setting,
} from './community.ts'
import { Random } from './random.ts'

/** A message of the plan. Sent again, it is the same message, with the same id. */
export interface PlannedMessage extends SentMessage {
  id: string
}

/** How far behind the newest contribution, and ahead of it, a correction may reach: ahead it comes first. */
const reach = 2000
const reachAhead = 100
/** Where corrections meet each other. */
const crowd = 30

/** Facts lie on whole minutes of the last half hour: many are of one instant, and most come out of order. */
const minutesBack = 30
const minute = 60_000

const repeatsKept = 200
const largestBatch = 150

/**
 * All that the site sends, in the order in which it begins to: an endless plan that a seed decides. Whoever sends it
 * from several sides at once brings it into another order, which must not matter.
 */
export const planOf = function* (setting: Setting): Generator<PlannedMessage, never> {
  const random = new Random(setting.seed)
  const sent: PlannedMessage[] = []
  let told = 0
  let declarations = 0

  const contributions = (count: number): SentContribution[] =>
    Array.from({ length: count }, () => contributionOf(told++, 0, setting))
  const earlier = (): number => Math.max(0, told - random.whole(1, random.isOnce(2) ? crowd : reach))
  const corrected = (): number =>
    Math.max(0, told + random.whole(random.isOnce(2) ? -crowd : -reach, reachAhead))
  const several = <Item>(most: number, make: () => Item): Item | Item[] =>
    random.isOnce(2) ? make() : Array.from({ length: random.whole(1, most + 1) }, make)
  const correction = (): object => {
    const { type, content } = contentOf(corrected(), setting.seed)
    const reason = random.pick(['spam', 'unsolved', 'fraud', 'mistake', 'other'])
    return { content, reason, ...(random.isOnce(2) && { type }) }
  }
  const repeated = (): SentContribution[] => {
    const first = earlier()
    const length = Math.min(random.whole(1, 40), Math.max(1, told - first))
    return Array.from({ length }, (_, index) => contributionOf(first + index, 0, setting))
  }
  const userFacts = (): object => ({
    id: random.isOnce(20) ? contributors + random.whole(1, bystanders + 1) : aUser(random),
    ...(random.isOnce(2) && { username: random.pick(names) }),
    ...(random.isOnce(3) && { display_name: random.pick(names) }),
    ...(random.isOnce(5) && { avatar_url: random.pick(['https://example.org/a.png', null]) }),
    ...(random.isOnce(4) && { is_active: !random.isOnce(5) }),
    ...(random.isOnce(4) && { is_system: random.isOnce(5) }),
    ...(random.isOnce(4) && { is_hidden: random.isOnce(5) }),
  })
  const declaration = (): object => ({
    type: random.pick(types as [string, ...string[]]),
    complete: !random.isOnce(6),
    since: random.pick([null, '2015-06-01T00:00:00.000Z']),
  })

  const make: Record<string, () => unknown> = {
    'one contribution': () => contributions(1)[0],
    'a batch': () => contributions(random.whole(2, largestBatch + 1)),
    repeated,
    conflicting: () => several(3, () => contributionOf(earlier(), random.whole(1, 3), setting)),
    retracted: () => several(3, correction),
    restored: () => several(3, correction),
    deleted: () => several(5, () => ({ content: contentOf(earlier(), setting.seed).content })),
    users: () => several(5, userFacts),
    erased: () => ({ id: random.whole(firstErasable, contributors + 1) }),
    declared: declaration,
  }

  for (let index = 0; ; index += 1) {
    const [kind, type] = random.weighed(kinds)
    const before = sent[random.whole(0, sent.length)]
    if (kind === 'again' && before) {
      yield before
      continue
    }
    // Declarations are told apart by their instants, for the contract does not say which wins at the same one.
    const at =
      kind === 'declared'
        ? setting.startedAt - random.whole(0, 1000) * minute - (declarations += 1)
        : setting.startedAt - random.whole(0, minutesBack) * minute
    const id = `msg_soak_${setting.seed}_${index}`
    const data = (make[kind] ?? make['one contribution'])?.()
    const message = { id, type, timestamp: new Date(at).toISOString(), data }
    sent[index % repeatsKept] = message
    yield message
  }
}

const kinds: readonly [[number, [string, string]], ...[number, [string, string]][]] = [
  [380, ['one contribution', 'contribution.created']],
  [90, ['a batch', 'contribution.created']],
  [90, ['repeated', 'contribution.created']],
  [50, ['conflicting', 'contribution.created']],
  [40, ['again', 'contribution.created']],
  [120, ['retracted', 'contribution.retracted']],
  [90, ['restored', 'contribution.restored']],
  [30, ['deleted', 'content.deleted']],
  [90, ['users', 'user.updated']],
  [4, ['erased', 'user.erased']],
  [10, ['declared', 'coverage.declared']],
]
