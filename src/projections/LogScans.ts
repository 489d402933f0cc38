import { DurableObject } from 'cloudflare:workers'
import type { DayNumber } from '../contributions/calendar.ts'
import { contributorHistory, type UserDay } from '../contributions/history.ts'
import type { RankingPart } from '../contributions/ranking.ts'
import type { Selection } from '../contributions/selection.ts'
import type { Window } from '../contributions/window.ts'
import { ask, LogUnavailable, readPosition } from '../log/database.ts'
import type { DayPiece } from '../log/questions/localDay.ts'
import { readEntryDetails } from '../log/questions/tally.ts'
import { readUserDays } from '../log/questions/userDays.ts'
import type { LeaderboardEntry } from './Leaderboard.ts'
import type { Unavailable } from './looks.ts'
import { rankLog } from './rankLog.ts'
import { ScanQueue } from './scanQueue.ts'

/** What a scan found, and where the log stood. */
export type Scanned<Answer> = { status: 'found'; position: number; answer: Answer } | Unavailable

/** A part of a board that no object rolls. */
export interface BoardPage {
  /** How many users are ranked, on all pages. */
  total: number
  entries: LeaderboardEntry[]
  /** Whether entries follow. */
  more: boolean
}

/** Which points of a metric's history, over which days: in stretches, so that no scan holds D1 for long. */
export interface HistoryPart {
  stretches: { window: Window; pieces: DayPiece[] }[]
  points: DayNumber[]
  windowDays: number
  min: number
}

/**
 * Answers from the log itself what no projection holds: instants that are over, later pages, odd windows. There
 * is one such object, so one scan at a time. It keeps nothing. `atLeast` tells questions apart, so that nobody shares
 * a scan that began before what they wait for.
 */
export class LogScans extends DurableObject<Env> {
  #queue = new ScanQueue()

  /** A part of a board's ranking. */
  async board(selection: Selection, part: RankingPart, atLeast: number): Promise<Scanned<BoardPage>> {
    const { DB } = this.env
    return await this.#scan(['board', selection, part, atLeast], selection, async (pinned) => {
      const ranking = await rankLog(DB, pinned, 'board')
      const { users, more } = ranking.page(part)
      const [details] = await ask(DB, readEntryDetails(DB, pinned, users))
      const detailsOf = new Map(details.map((one) => [one.profile.id, one]))
      const entries = users.flatMap(({ userId, rank, count }) => {
        const found = detailsOf.get(userId)
        return found ? [{ rank, user: found.profile, count, lastContributionAt: found.newest }] : []
      })
      return { total: ranking.total, entries, more }
    })
  }

  /** How many users have at least so many of the selected contributions. */
  async metric(selection: Selection, min: number, atLeast: number): Promise<Scanned<number>> {
    return await this.#scan(['metric', selection, min, atLeast], selection, async (pinned) => {
      const ranking = await rankLog(this.env.DB, pinned, 'metric')
      return ranking.usersWithAtLeast(min)
    })
  }

  /** A metric at each point. */
  async history(selection: Selection, part: HistoryPart, atLeast: number): Promise<Scanned<number[]>> {
    const { DB } = this.env
    return await this.#scan(['history', selection, part, atLeast], selection, async (pinned) => {
      const userDays: UserDay[] = []
      for (const { window, pieces } of part.stretches) {
        const [found] = await ask(DB, readUserDays(DB, { ...pinned, window }, pieces))
        for (const userDay of found) userDays.push(userDay)
        // Timers and other calls run between stretches.
        await scheduler.wait(0)
      }
      return contributorHistory(userDays, part.points, part.windowDays, part.min)
    })
  }

  /**
   * Calls back when the turn comes, which lasts until that call returns whether the log has answered. Returns whether
   * the turn came in time. Turns are not shared: each call is another object's, or that of one which took the place of
   * an object that is gone.
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

  /** Scans at the selection's position, or where the log stands when the scan's turn comes. */
  async #scan<Answer>(
    question: unknown,
    selection: Selection,
    scan: (pinned: Selection & { position: number }) => Promise<Answer>,
  ): Promise<Scanned<Answer>> {
    const { DB } = this.env
    try {
      return await this.#queue.share(JSON.stringify(question), async () => {
        const [position] = await ask(DB, readPosition(DB))
        const answer = await scan({ ...selection, position: selection.position ?? position })
        return { status: 'found', position, answer }
      })
    } catch (error) {
      if (error instanceof LogUnavailable) return { status: 'unavailable', position: 0 }
      throw error
    }
  }
}

/** The one object that scans. */
export const logScansOf = (scans: DurableObjectNamespace<LogScans>): DurableObjectStub<LogScans> =>
  scans.getByName('log')
