import { LogUnavailable, within } from '../../failure.ts'
import type { Content } from '../../contributions/contribution.ts'
import type { ContributionType } from '../../definitions/definitions.ts'
import { noListedFacts, readListedFacts, type ListedFacts } from '../../log/queries/events.ts'
import { runBatch } from '../../log/database.ts'

/** How long a list waits for the facts. */
const patienceMilliseconds = 2000

/** The maximum number of contributions in memory. */
const rememberedMax = 5000

/**
 * The facts that lists show besides counted values: titles, addresses, deletions. They have no position in the log, so
 * they are read for each list, and kept only to bridge an outage of the log.
 */
export class ShownFacts {
  #db: D1Database
  #remembered = new Map<string, ListedFacts>()

  constructor(db: D1Database) {
    this.#db = db
  }

  /** Adds the current facts to contributions; during an outage of the log, the facts as last read. */
  async addTo<Listed extends { type: ContributionType; content: Content }>(
    contributions: readonly Listed[],
    isOutage: boolean,
  ): Promise<(Listed & ListedFacts)[]> {
    const keys = contributions.map(({ type, content }) => JSON.stringify([type, content.type, content.id]))
    if (!isOutage) await this.#read(contributions, keys)
    return contributions.map((contribution, index) =>
      Object.assign(contribution, this.#remembered.get(keys[index] ?? '') ?? noListedFacts),
    )
  }

  async #read(
    contributions: readonly { type: ContributionType; content: Content }[],
    keys: readonly string[],
  ): Promise<void> {
    try {
      const read = runBatch(this.#db, readListedFacts(this.#db, contributions))
      const [facts] = await within(patienceMilliseconds, read, 'The log has not answered in time')
      if (this.#remembered.size + keys.length > rememberedMax) this.#remembered.clear()
      for (const [index, key] of keys.entries()) this.#remembered.set(key, facts[index] ?? noListedFacts)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    }
  }
}
