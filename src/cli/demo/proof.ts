import { nameOf } from '../../cards/nameOf.ts'
import { compare, describeCompared, isEqual, isTelling, type Compared } from './comparison.ts'
import type { Community } from './community/makeCommunity.ts'
import { profileOf } from './community/people.ts'
import { leadersOf, readNumbers, type Measured, type Moment } from './numbers.ts'
import { describeSent, send } from './send.ts'
import type { Found } from './findCommunity.ts'
import type { Site } from './site.ts'

const number = new Intl.NumberFormat('en-US')

/** Reads the same numbers for the same moment, however often it is asked: those of the first reading's leaders. */
export class Proof {
  #site: Site
  #community: Community
  #isThere: boolean
  #stop: AbortSignal
  #moment: Moment
  #last: readonly Measured[] = []

  /** `position` is the least that every reading reflects. */
  constructor(
    site: Site,
    { community, isThere }: Pick<Found, 'community' | 'isThere'>,
    position: number,
    stop: AbortSignal,
  ) {
    this.#site = site
    this.#community = community
    this.#isThere = isThere
    this.#stop = stop
    this.#moment = { asOf: Date.now(), past: community.deletedUntil, atLeast: position }
  }

  /** The first reading. Returns the id of who leads the first board. */
  async begin(): Promise<number | undefined> {
    const disguised = this.#community.disguised.map(({ id }) => id)
    const whose = (numbers: readonly Measured[]): number[] => [...leadersOf(numbers), ...disguised]
    this.#last = await readNumbers(this.#site, this.#moment, whose)
    return leadersOf(this.#last)[0]
  }

  /** Deletes content, and returns the numbers that differ afterwards: none should. */
  async deleteContent(): Promise<Compared[]> {
    const { deletions } = this.#community
    const contents = deletions.flatMap(({ data }) => data).length
    console.log(`\nThe site deletes the oldest third of its content: ${number.format(contents)} contents`)
    console.log(describeSent(await send(this.#site, 'Deleting', deletions, this.#stop)))
    if (this.#isThere)
      console.log(
        'An earlier run may have deleted it before: then equal numbers show only that deleting it again changes nothing',
      )
    const rows = await this.#readAgain()
    const changed = rows.filter((row) => !isEqual(row))
    console.log(`\n${describeCompared(rows.filter((row) => isTelling(row) || !isEqual(row)))}`)
    const verdict = changed.length === 0 ? 'all equal' : `${number.format(changed.length)} DIFFER`
    console.log(`${number.format(rows.length)} numbers, of which these are the top: ${verdict}`)
    return changed
  }

  /** Retracts spam, and returns the numbers that changed and should not have. */
  async retractSpam(): Promise<Compared[]> {
    const { disguised, retractions } = this.#community
    const spammers = disguised.map((person) => nameOf(profileOf(person))).join(' and ')
    console.log(`\nThe site retracts the spam of ${spammers}, who advertised in disguise`)
    const sent = await send(this.#site, 'Retracting', retractions, this.#stop)
    console.log(describeSent(sent))
    const contents = retractions.flatMap(({ data }) => data).length
    if (sent.items.applied === 0) console.log('All of it was retracted before')
    else if (this.#isThere && sent.items.applied < contents) console.log('Some of it was retracted before')
    const changed = (await this.#readAgain()).filter((row) => !isEqual(row))
    if (changed.length === 0) console.log('\nNothing changed')
    else console.log(`\nOnly this changed:\n${describeCompared(changed)}`)
    const ids = new Set(disguised.map(({ id }) => id))
    // All of theirs is gone, and with it somebody of a metric's users; nobody else's number moves.
    return changed.filter(({ user, before, after }) =>
      user ? !ids.has(user.id) || after !== 0 : before < after || before > after + ids.size,
    )
  }

  async #readAgain(): Promise<Compared[]> {
    const whose = this.#last.flatMap(({ key, user }) => (key.startsWith('lifetime') && user ? user.id : []))
    const numbers = await readNumbers(this.#site, this.#moment, () => whose)
    const rows = compare(this.#last, numbers)
    this.#last = numbers
    return rows
  }
}
