import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { yearRowsOf } from '../../src/pages/calendar/yearRows.ts'

const dayMilliseconds = 86_400_000

const dateOf = (day: number): string => new Date(day * dayMilliseconds).toISOString().slice(0, 10)

const start = Date.UTC(2019, 0, 1) / dayMilliseconds

/** Days with contributions from 2019 on, in order, and today, which is the last of them or later. */
const history = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 }),
    fc.integer({ min: 0, max: 400 }),
  )
  .map(([offsets, later]) => {
    const sorted = offsets.toSorted((one, other) => one - other)
    const days = sorted.map((offset, index) => ({ date: dateOf(start + offset), count: 1 + (index % 5) }))
    return { days, today: dateOf(start + (sorted.at(-1) ?? 0) + later) }
  })

describe('yearRowsOf', () => {
  it('gives the sums of every year and month, and changes that equal brute force', () => {
    fc.assert(
      fc.property(history, ({ days, today }) => {
        const sum = (test: (date: string) => boolean): number =>
          days.reduce((total, { date, count }) => total + (test(date) ? count : 0), 0)
        const years = { first: Number(days[0]?.date.slice(0, 4)), last: Number(today.slice(0, 4)) }
        const rows = yearRowsOf(days, years, today, undefined)
        expect(rows.map(({ year }) => year)).toEqual(
          Array.from({ length: years.last - years.first + 1 }, (_, index) => years.last - index),
        )
        for (const { year, months, total, activeDays, change } of rows) {
          expect(total).toBe(sum((date) => date.startsWith(`${year}-`)))
          expect(months.map(({ month, count }) => [month, count])).toEqual(
            Array.from({ length: 12 }, (_, index) => {
              const month = `${year}-${String(index + 1).padStart(2, '0')}`
              return [month, sum((date) => date.startsWith(month))]
            }),
          )
          expect(activeDays).toBe(days.filter(({ date }) => date.startsWith(`${year}-`)).length)
          // Of the present year and the one before, days of the year up to today.
          const isCompared = (date: string): boolean => year < years.last || date.slice(5) <= today.slice(5)
          const inYear = (wanted: number): number =>
            sum((date) => date.startsWith(`${wanted}-`) && isCompared(date))
          expect(change).toBe(year === years.first ? undefined : inYear(year) - inYear(year - 1))
        }
      }),
    )
  })

  it('compares a year up to February 28 or 29 with all of the February before', () => {
    const days = ['2027-02-28', '2027-03-01', '2028-02-28', '2028-02-29'].map((date) => ({ date, count: 1 }))
    const changeOn = (today: string): number | undefined =>
      yearRowsOf(days, { first: 2027, last: 2028 }, today, undefined)[0]?.change
    expect([changeOn('2028-02-28'), changeOn('2028-02-29'), changeOn('2028-03-01')]).toEqual([0, 1, 0])
  })

  it('does not compare a year with one that the beginning of the log cuts', () => {
    const days = ['2024-12-01', '2025-03-01', '2026-03-01'].map((date) => ({ date, count: 1 }))
    const changesSince = (whole: string) =>
      yearRowsOf(days, { first: 2024, last: 2026 }, '2026-12-31', whole).map(({ change }) => change)
    expect(changesSince('2024-01-02')).toEqual([0, undefined, undefined])
    expect(changesSince('2024-01-01')).toEqual([0, 0, undefined])
  })

  it('shades months by the rule of the calendar, so that a busy one does not make the others look empty', () => {
    const days = [100, 30, 8, 1].map((count, index) => ({ date: `2026-0${index + 1}-01`, count }))
    const [row] = yearRowsOf(days, { first: 2026, last: 2026 }, '2026-12-31', undefined)
    expect(row?.months.map(({ level }) => level)).toEqual([4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  })
})
