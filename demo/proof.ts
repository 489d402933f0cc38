import { wordsOf } from '../src/cards/wordsOf.ts'
import { counted, formatNumber } from '../src/cli/console/format.ts'
import { compare, describeChanges, isEqual, isNotable, type Change } from './comparison.ts'
import type { Community } from './community/makeCommunity.ts'
import type { SentMessage } from './community/message.ts'
import { profileOf } from './community/people.ts'
import { leadersOf, readNumbers, type Measured, type Moment } from './numbers.ts'
import { describeSent, send, type Sent } from './send.ts'
import type { Found } from './findCommunity.ts'
import type { Site } from '../src/cli/send/site.ts'

/**
 * Reads the same numbers, for the same instants, before and after each change. A reading reflects everything that was
 * sent before it: without a position, answers may be some seconds old.
 */
export class Proof {
  #site: Site
  #community: Community
  #wasSent: boolean
  #stop: AbortSignal
  #moment: Moment
  #last: readonly Measured[] = []

  /** Every reading reflects at least `position`, and what this proof sent before it. */
  constructor(
    site: Site,
    { community, wasSent }: Pick<Found, 'community' | 'wasSent'>,
    position: number,
    stop: AbortSignal,
  ) {
    this.#site = site
    this.#community = community
    this.#wasSent = wasSent
    this.#stop = stop
    this.#moment = { asOf: Date.now(), past: community.deletedUntil, atLeast: position }
  }

  /** Takes the first reading. Returns the ID of the user who leads the first board. */
  async begin(): Promise<number | undefined> {
    const disguised = this.#community.disguised.map(({ id }) => id)
    const chooseUsers = (numbers: readonly Measured[]): number[] => [...leadersOf(numbers), ...disguised]
    this.#last = await readNumbers(this.#site, this.#moment, chooseUsers)
    return leadersOf(this.#last)[0]
  }

  /** Deletes content and returns the numbers that changed. None should. */
  async deleteContent(): Promise<Change[]> {
    const { deletions } = this.#community
    const contents = deletions.flatMap(({ data }) => data).length
    console.log(`\nDeleting the oldest third of the content: ${counted(contents, 'item')}`)
    await this.#send('Deleting', deletions)
    if (this.#wasSent)
      console.log(
        'An earlier run may have deleted it already. In that case, equal numbers only show that deleting it again changes nothing',
      )
    const rows = await this.#readAgain()
    const changed = rows.filter((row) => !isEqual(row))
    console.log(`\n${describeChanges(rows.filter((row) => isNotable(row) || !isEqual(row)))}`)
    const verdict = changed.length === 0 ? 'all equal' : `${formatNumber(changed.length)} DIFFER`
    console.log(`Compared ${counted(rows.length, 'number')}, of which the table shows the top: ${verdict}`)
    return changed
  }

  /** Retracts spam and returns the numbers that changed but should not have. */
  async retractSpam(): Promise<Change[]> {
    const { disguised, retractions } = this.#community
    const spammers = disguised.map((person) => wordsOf('en').nameOf(profileOf(person))).join(' and ')
    console.log(`\nRetracting the spam of ${spammers}, who disguised their advertising as answers`)
    const sent = await this.#send('Retracting', retractions)
    const contents = retractions.flatMap(({ data }) => data).length
    if (sent.items.applied === 0) console.log('All of it had been retracted before')
    else if (this.#wasSent && sent.items.applied < contents)
      console.log('Some of it had been retracted before')
    const changed = (await this.#readAgain()).filter((row) => !isEqual(row))
    if (changed.length === 0) console.log('\nNothing changed')
    else console.log(`\nOnly this changed:\n${describeChanges(changed)}`)
    const ids = new Set(disguised.map(({ id }) => id))
    // The spammers' numbers must be 0, metrics may lose as many users as there are spammers, and nothing else may change.
    return changed.filter(({ user, before, after }) =>
      user ? !ids.has(user.id) || after !== 0 : before < after || before > after + ids.size,
    )
  }

  async #send(verb: string, messages: readonly SentMessage[]): Promise<Sent> {
    const sent = await send(this.#site, verb, messages, this.#stop)
    console.log(describeSent(sent))
    this.#moment = { ...this.#moment, atLeast: Math.max(this.#moment.atLeast, sent.position) }
    return sent
  }

  async #readAgain(): Promise<Change[]> {
    const users = this.#last.flatMap(({ key, user }) => (key.startsWith('lifetime') && user ? user.id : []))
    const numbers = await readNumbers(this.#site, this.#moment, () => users)
    const rows = compare(this.#last, numbers)
    this.#last = numbers
    return rows
  }
}
