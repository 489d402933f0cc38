import { DurableObject } from 'cloudflare:workers'
import type { DayNumber } from '../../contributions/calendar.ts'
import { contributorHistory, type UserDay } from '../../contributions/history.ts'
import type { RankingPage, RankingPart } from '../../contributions/ranking.ts'
import type { Selection } from '../../contributions/selection.ts'
import type { Window } from '../../contributions/window.ts'
import { notCaughtUp, type Result } from '../../failure.ts'
import { runBatch, LogUnavailable, readPosition } from '../../log/database.ts'
import type { DayPiece } from '../../log/queries/localDay.ts'
import { readEntryDetails } from '../../log/queries/tally.ts'
import { readUserDays } from '../../log/queries/userDays.ts'
import { rankLog } from '../ranking/rankLog.ts'
import { ScanQueue } from './scanQueue.ts'

/** What a scan found, and the position of the log when it began. */
export interface Scanned<Answer> {
  position: number
  answer: Answer
}

/** The points of a metric's history, and the days that they count, in stretches so that no query takes D1 for long. */
export interface HistoryPart {
  stretches: { window: Window; pieces: DayPiece[] }[]
  points: DayNumber[]
  windowDays: number
  min: number
}

/**
 * Answers from the log itself what no projection keeps: past instants, later pages, unusual windows. There is one such
 * object, so there is one scan at a time. It stores nothing. Every answer reflects `atLeast`, and callers with different
 * `atLeast` share no scan, because a scan may have begun before the event that a caller waits for.
 */
export class LogScans extends DurableObject<Env> {
  #queue = new ScanQueue()

  /** A part of a board's ranking. */
  async board(
    selection: Selection,
    part: RankingPart,
    atLeast: number,
  ): Promise<Result<Scanned<RankingPage>>> {
    const { DB } = this.env
    return await this.#scan(['board', selection, part], selection, atLeast, async (pinned) => {
      const ranking = await rankLog(DB, pinned, 'board')
      const { users, more } = ranking.page(part)
      const [details] = await runBatch(DB, readEntryDetails(DB, pinned, users))
      const detailsOf = new Map(details.map((one) => [one.profile.id, one]))
      const entries = users.flatMap(({ userId, rank, count }) => {
        const found = detailsOf.get(userId)
        return found ? [{ rank, user: found.profile, count, lastContributionAt: found.newest }] : []
      })
      return { total: ranking.total, entries, more }
    })
  }

  /** How many users have at least `min` of the selected contributions. */
  async metric(selection: Selection, min: number, atLeast: number): Promise<Result<Scanned<number>>> {
    return await this.#scan(['metric', selection, min], selection, atLeast, async (pinned) => {
      const ranking = await rankLog(this.env.DB, pinned, 'metric')
      return ranking.usersWithAtLeast(min)
    })
  }

  /** A metric at each point. */
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

  /**
   * Calls `scan` when its turn comes. `scan` returns whether the log has answered, and the turn lasts until then. Returns
   * whether the turn came in time. Turns are not shared: each call is from another object, or from one that replaced an
   * object that is gone.
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

  /** Scans at the selection's position, or at the end of the log when the scan's turn comes. */
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
      if (error instanceof LogUnavailable) return notCaughtUp(0, 0)
      throw error
    }
  }
}
