import { expect } from 'vitest'
import { numbersIn } from '../../support/numbersIn.ts'
import type { Expected, ExpectedHistory } from './realData.ts'
import { read, readLog } from './site.ts'

/** Compares a Worker's answers with brute force, and counts the numbers compared. */
export class RealNumbers {
  compared = 0
  #url: string

  constructor(url: string) {
    this.#url = url
  }

  compare(answer: unknown, brute: unknown, question: string): void {
    expect(answer, question).toEqual(brute)
    this.compared += numbersIn(brute)
  }

  async #compareBoards(boards: [string, Expected['boards'][string]][], moment: string): Promise<void> {
    for (const [question, board] of boards) {
      const answer = await read(this.#url, `/v1/leaderboards/${question}&limit=20&${moment}`)
      const entries: { rank: number; user: { id: number }; count: number }[] = answer.entries
      const ranked = entries.map(({ rank, user, count }) => [rank, user.id, count])
      this.compare({ total: answer.total, entries: ranked }, board, `${question}&${moment}`)
    }
  }

  /** Compares every board and metric at an instant. */
  async compareInstant([asOf, { boards, metrics }]: [asOf: string, Expected]): Promise<void> {
    await this.#compareBoards(Object.entries(boards), `as_of=${asOf}`)
    for (const [metric, value] of Object.entries(metrics)) {
      const answer = await read(this.#url, `/v1/metrics/${metric}?as_of=${asOf}`)
      this.compare(answer.value, value, `${metric} as of ${asOf}`)
    }
  }

  /** Compares live boards of all time with the last instant, which is later than every contribution. */
  async compareLive(expected: [asOf: string, Expected][]): Promise<void> {
    const boards = Object.entries(expected.at(-1)?.[1].boards ?? {})
    const ofAllTime = boards.filter(([question]) => question.endsWith('?window=all'))
    const { position } = await read(this.#url, '/v1/status')
    await this.#compareBoards(ofAllTime, `at_least=${position}`)
  }

  /** Compares the lifetime counts by type at every instant, summed up from the log. */
  async compareLifetimes(expected: [asOf: string, Expected][]): Promise<void> {
    const log = await readLog(this.#url)
    for (const [asOf, { lifetime_by_type }] of expected) {
      const counts: Record<string, number> = {}
      for (const { type, delta, occurred_at } of log) {
        if (Date.parse(occurred_at) < Date.parse(asOf)) counts[type] = (counts[type] ?? 0) + delta
      }
      this.compare(counts, lifetime_by_type, `lifetime as of ${asOf}`)
    }
  }

  /** Compares every known point of the metrics' histories within a year of days. */
  async compareHistories(histories: ExpectedHistory): Promise<void> {
    for (const [question, points] of Object.entries(histories)) {
      const [metric, query] = question.split('?')
      const range = 'from=2024-01-02&to=2025-01-01'
      const answer = await read(this.#url, `/v1/metrics/${metric}/history?${query}&${range}`)
      const byDate = new Map(
        answer.points.map(({ date, value }: { date: string; value: number }) => [date, value]),
      )
      const found = points.map(([date]) => [date, byDate.get(date)])
      this.compare(found, points, question)
    }
  }
}
