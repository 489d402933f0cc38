import { DurableObject } from 'cloudflare:workers'
import type { DayNumber } from '../contributions/calendar.ts'
import { contributorHistory } from '../contributions/history.ts'
import type { Selection } from '../contributions/selection.ts'
import { readBoard, type BoardPage, type BoardPart } from '../log/board.ts'
import { ask, LogUnavailable, readPosition } from '../log/database.ts'
import type { DayPiece } from '../log/localDay.ts'
import { readMetric } from '../log/metric.ts'
import { readUserDays } from '../log/userDays.ts'
import type { Unavailable } from './looks.ts'
import { ScanQueue } from './scanQueue.ts'

type Scanned<Answer> = { status: 'found'; position: number; answer: Answer } | Unavailable

/** Which points of a metric's history, over which days. */
export interface HistoryPart {
  pieces: DayPiece[]
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

  async board(selection: Selection, part: BoardPart, atLeast: number): Promise<Scanned<BoardPage>> {
    const { DB } = this.env
    return await this.#scan(['board', selection, part, atLeast], async () =>
      ask(DB, readPosition(DB), readBoard(DB, selection, part)),
    )
  }

  async metric(selection: Selection, min: number, atLeast: number): Promise<Scanned<number>> {
    const { DB } = this.env
    return await this.#scan(['metric', selection, min, atLeast], async () =>
      ask(DB, readPosition(DB), readMetric(DB, selection, min)),
    )
  }

  async history(selection: Selection, part: HistoryPart, atLeast: number): Promise<Scanned<number[]>> {
    const { DB } = this.env
    return await this.#scan(['history', selection, part, atLeast], async () => {
      const [position, userDays] = await ask(DB, readPosition(DB), readUserDays(DB, selection, part.pieces))
      return [position, contributorHistory(userDays, part.points, part.windowDays, part.min)]
    })
  }

  async #scan<Answer>(question: unknown, scan: () => Promise<[number, Answer]>): Promise<Scanned<Answer>> {
    try {
      const [position, answer] = await this.#queue.run(JSON.stringify(question), scan)
      return { status: 'found', position, answer }
    } catch (error) {
      if (error instanceof LogUnavailable) return { status: 'unavailable', position: 0 }
      throw error
    }
  }
}

/** The one object that scans. */
export const logScansOf = (scans: DurableObjectNamespace<LogScans>): DurableObjectStub<LogScans> =>
  scans.getByName('log')
