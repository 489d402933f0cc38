import { DurableObject } from 'cloudflare:workers'
import type { DayNumber, Stretch } from '../../contributions/calendar.ts'
import { contributorHistory, type UserDay } from '../../contributions/history.ts'
import type { RankedUser, RankingPage, RankingPart } from '../../contributions/ranking.ts'
import type { Selection } from '../../contributions/selection.ts'
import type { Profile } from '../../contributions/user.ts'
import { notCaughtUp, type Result, LogUnavailable } from '../../failure.ts'
import { runBatch, readPosition } from '../../log/database.ts'
import { readEntryDetails, toEntries } from '../../log/queries/tally.ts'
import { readProfiles } from '../../log/queries/users.ts'
import { type VolumeCell, readUserDays } from '../../log/queries/volume.ts'
import { rankLog } from '../ranking/rankLog.ts'
import { countVolume, type VolumePart } from './countVolume.ts'
import { ScanQueue, TooManyScans } from './scanQueue.ts'

/** The answer of a scan, and the position of the log when it began. */
export interface Scanned<Answer> {
  position: number
  answer: Answer
}

/** A page of the users that a metric counts, highest count first. */
export interface MembersPage {
  /** How many users the metric counts. */
  value: number
  /** How many of them may be shown, across all pages. */
  listed: number
  members: { user: Profile; count: number }[]
  /** Whether more members follow. */
  more: boolean
}

const tooManyScans = 'Cannot answer now: too many scans of the log are waiting; try again in a moment'

/** The points of a metric's history, and the days to count, in stretches that keep each query short. */
export interface HistoryPart {
  stretches: Stretch[]
  points: DayNumber[]
  windowDays: number
  min: number
}

/**
 * Answers from the log what no projection keeps: past instants, later pages, unusual windows. There is one such object,
 * so there is one scan at a time. It stores nothing. Every answer reflects `atLeast`. Callers with different `atLeast`
 * do not share a scan, because it may have begun before the event that one of them requires.
 */
export class LogScans extends DurableObject<Env> {
  #queue = new ScanQueue()

  /** A page of a board's ranking. */
  async board(
    selection: Selection,
    part: RankingPart,
    atLeast: number,
  ): Promise<Result<Scanned<RankingPage>>> {
    const { DB } = this.env
    return await this.#scan(['board', selection, part], selection, atLeast, async (pinned) => {
      const [ranking] = await rankLog(DB, pinned, 'board')
      const { users, more } = ranking.page(part)
      const [details] = await runBatch(DB, readEntryDetails(DB, pinned, users))
      return { total: ranking.total, entries: toEntries(users, details), more }
    })
  }

  /** A page of ranked users who may be shown, without profiles: a long list is sent page by page. */
  async ranked(
    selection: Selection,
    part: RankingPart,
    atLeast: number,
  ): Promise<Result<Scanned<{ users: RankedUser[]; more: boolean }>>> {
    return await this.#scan(['ranked', selection, part], selection, atLeast, async (pinned) => {
      const [ranking] = await rankLog(this.env.DB, pinned, 'board')
      return ranking.page(part)
    })
  }

  /** How many users have at least `min` of the selection's measure. */
  async metric(selection: Selection, min: number, atLeast: number): Promise<Result<Scanned<number>>> {
    return await this.#scan(['metric', selection, min], selection, atLeast, async (pinned) => {
      const [ranking] = await rankLog(this.env.DB, pinned, 'metric')
      return ranking.usersWithAtLeast(min)
    })
  }

  /** The users that a metric counts: how many, and a page of those who may be shown. */
  async members(
    selection: Selection,
    part: RankingPart & { min: number },
    atLeast: number,
  ): Promise<Result<Scanned<MembersPage>>> {
    const { DB } = this.env
    return await this.#scan(['members', selection, part], selection, atLeast, async (pinned) => {
      const [everyone, shown] = await rankLog(DB, pinned, 'metric', 'board')
      const { users, more } = shown.page(part)
      const [profiles] = await runBatch(
        DB,
        readProfiles(
          DB,
          users.map(({ userId }) => userId),
        ),
      )
      const members = users.flatMap(({ userId, count }) => {
        const user = profiles.get(userId)
        return user ? [{ user, count }] : []
      })
      const value = everyone.usersWithAtLeast(part.min)
      return { value, listed: shown.usersWithAtLeast(part.min), members, more }
    })
  }

  /** The value of a metric at each point. */
  async history(
    selection: Selection,
    part: HistoryPart,
    atLeast: number,
  ): Promise<Result<Scanned<number[]>>> {
    const { DB } = this.env
    return await this.#scan(['history', selection, part], selection, atLeast, async (pinned) => {
      const userDays: UserDay[] = []
      for (const { window, pieces } of part.stretches) {
        const [found] = await runBatch(DB, readUserDays(DB, { ...pinned, window }, pieces))
        for (const userDay of found) userDays.push(userDay)
        // Timers and other calls run between stretches.
        await scheduler.wait(0)
      }
      return contributorHistory(userDays, part.points, part.windowDays, part.min)
    })
  }

  /** The number of contributions and of contributors in each interval. */
  async volume(
    selection: Selection,
    part: VolumePart,
    atLeast: number,
  ): Promise<Result<Scanned<VolumeCell[]>>> {
    return await this.#scan(['volume', selection, part], selection, atLeast, async (pinned) =>
      countVolume(this.env.DB, pinned, part),
    )
  }

  /**
   * Calls `scan` when its turn comes, and holds the turn until `scan` settles. `scan` resolves to whether the log could
   * be read. Returns whether the turn came in time. Turns are not shared: each call comes from a different object, or
   * from one that replaced a lost object.
   */
  async inTurn(patienceMilliseconds: number, scan: () => Promise<boolean>): Promise<boolean> {
    let hasCome = false
    const onTurn = async (): Promise<void> => {
      hasCome = true
      if (!(await scan())) throw new LogUnavailable('The log has not answered a scan')
    }
    try {
      await this.#queue.run(onTurn, patienceMilliseconds)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
    }
    return hasCome
  }

  /** Scans at the selection's position, or at the end of the log as of the scan's turn. */
  async #scan<Answer>(
    question: readonly unknown[],
    selection: Selection,
    atLeast: number,
    scan: (pinned: Selection & { position: number }) => Promise<Answer>,
  ): Promise<Result<Scanned<Answer>>> {
    const { DB } = this.env
    const needed = Math.max(atLeast, selection.position ?? 0)
    try {
      return await this.#queue.share(JSON.stringify([...question, atLeast]), async () => {
        const [position] = await runBatch(DB, readPosition(DB))
        if (position < needed) return notCaughtUp(position, needed)
        const answer = await scan({ ...selection, position: selection.position ?? position })
        return { position, answer }
      })
    } catch (error) {
      if (error instanceof TooManyScans) return { failure: 'unavailable', detail: tooManyScans }
      if (error instanceof LogUnavailable) return notCaughtUp(0, 0)
      throw error
    }
  }
}
