import { dayMilliseconds, type Instant } from '../../src/contributions/instant.ts'
import { Chance, Lottery } from './chance.ts'

/** The weight of each day of the week, Sunday first. */
const byWeekday = [0.72, 1.18, 1.16, 1.12, 1.06, 0.96, 0.68]

const hourMilliseconds = 3_600_000
/** The hour (UTC) with the most activity. */
const busiestHour = 16
/** The days between releases, each of which brings more questions for two days. */
const releaseDays = 28

/** The weight of a day by its index. */
const weightOfDay = (first: Instant, days: number, chance: Chance): ((index: number) => number) => {
  const noise = Array.from({ length: days }, () => 0.85 + 0.3 * chance.next())
  return (index) => {
    const growth = 1 + (1.9 * index) / days
    const weekday = byWeekday[new Date(first + index * dayMilliseconds).getUTCDay()] ?? 1
    const release = index % releaseDays < 2 ? 1.45 : 1
    const season = 1 + 0.12 * Math.cos((2 * Math.PI * index) / 365.25)
    return growth * weekday * release * season * (noise[index] ?? 1)
  }
}

const weightOfHour = (hour: number): number => 1.15 + Math.cos((2 * Math.PI * (hour - busiestHour)) / 24)

/** Draws instants: more and more over the years, fewer on weekends and at night. */
export class Rhythm {
  readonly from: Instant
  readonly to: Instant
  #chance: Chance
  #days: Lottery<Instant>
  #hours: Lottery<number>

  constructor(from: Instant, to: Instant, chance: Chance) {
    this.from = from
    this.to = to
    this.#chance = chance
    const first = from - (from % dayMilliseconds)
    const days = Math.ceil((to - first) / dayMilliseconds)
    const weight = weightOfDay(first, days, chance)
    const indexes = Array.from({ length: days }, (_, index) => index)
    this.#days = new Lottery(
      indexes.map((index) => first + index * dayMilliseconds),
      (day) => weight((day - first) / dayMilliseconds),
    )
    this.#hours = new Lottery(
      Array.from({ length: 24 }, (_, hour) => hour),
      weightOfHour,
    )
  }

  /** An instant after `from` and before `to`. */
  draw(): Instant {
    for (;;) {
      const hour = this.#hours.draw(this.#chance)
      const instant =
        this.#days.draw(this.#chance) + Math.floor((hour + this.#chance.next()) * hourMilliseconds)
      if (instant > this.from && instant < this.to) return instant
    }
  }

  /** Instants in ascending order. */
  drawMany(count: number): Instant[] {
    return Array.from({ length: count }, () => this.draw()).sort((left, right) => left - right)
  }

  /** A later instant before `to`, `mean` milliseconds later on average. */
  after(instant: Instant, mean: number): Instant {
    const later = instant + 1 + Math.floor(this.#chance.waiting(mean))
    if (later < this.to) return later
    return instant + 1 + Math.floor((this.to - instant - 1) * this.#chance.next())
  }
}
