import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boards, metrics } from '../../src/definitions/definitions.ts'
import { languages } from '../../src/definitions/languages.ts'
import { intervals } from '../../src/contributions/calendar.ts'
import { daysOf, fits, fittingInterval, recentPeriods } from '../../src/pages/dashboard/range.ts'
import {
  addressOf,
  defaultState,
  neighbourCounts,
  parseState,
} from '../../src/pages/dashboard/dashboardState.ts'

const parse = (address: string) => parseState(address.slice(1))

describe('the address of the dashboard', () => {
  it('has no parameters in the default state', () => {
    expect(parseState('')).toEqual(defaultState)
    expect(addressOf(defaultState)).toBe('/')
  })

  it('parseState restores any state from its address', () => {
    const text = fc.stringMatching(/^[a-zA-Z<>&"'=-]{1,20}$/)
    const day = fc.integer({ min: 0, max: 1200 }).map((days) => new Date(Date.UTC(2023, 0, 1 + days)))
    const stretch = fc
      .tuple(day, day)
      .map((days) => days.map((date) => date.toISOString().slice(0, 10)).sort())
      .map(([from = '', last = '']) => ({ from, last }))
    const states = fc.record({
      metric: fc.constantFrom(...metrics.map(({ metric }) => metric)),
      range: fc.oneof(fc.constantFrom('90d' as const, '1y' as const, '3y' as const), stretch),
      interval: fc.constantFrom(...intervals),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
      locale: fc.option(text, { nil: undefined }),
      product: fc.option(text, { nil: undefined }),
      board: fc.constantFrom(...boards.map(({ board }) => board)),
      search: fc.option(text, { nil: undefined }),
      around: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
      neighbours: fc.constantFrom(...neighbourCounts),
      cursor: fc.option(text, { nil: undefined }),
      lang: fc.constantFrom(undefined, ...languages),
    })
    const times = fc.oneof(
      fc.record({
        window: fc.constantFrom('7d', '45d', '90d', '3660d', 'all'),
        period: fc.constant(undefined),
      }),
      fc.record({
        window: fc.constant(defaultState.window),
        period: fc.constantFrom('2026', '2026-Q3', '2026-10', '2026-W53'),
      }),
    )
    fc.assert(
      fc.property(states, times, (rest, time) => {
        const state = { ...rest, ...time }
        const fitting = { ...state, interval: fittingInterval(state.range, state.interval) }
        expect(parse(addressOf(state))).toEqual(fitting)
      }),
    )
  })

  it('takes a window in the field for periods, which a form without script sends', () => {
    expect(parseState('?period=30d')).toEqual({ ...defaultState, window: '30d' })
    expect(parseState('?period=all')).toEqual({ ...defaultState, window: 'all' })
    expect(parseState('?period=2026&window=30d')).toEqual({ ...defaultState, period: '2026' })
  })

  it.each([
    ['an unknown metric', 'metric=none'],
    ['an unknown board', 'board=__proto__'],
    ['an unknown range', 'range=toString'],
    ['an unknown interval', 'interval=hour'],
    ['an unknown time zone', 'time_zone=Nowhere/City'],
    ['a time zone in the wrong case', 'time_zone=europe/BERLIN'],
    ['an offset in place of a time zone', 'time_zone=%2B01:00'],
    ['a window that is too long', 'window=4000d'],
    ['a quarter that no year has', 'period=2026-Q5'],
    ['a week 53 of a year with 52 weeks', 'period=2025-W53'],
    ['a day in place of a period', 'period=2026-10-01'],
    ['a user ID with leading zeros', 'around=007'],
    ['a number of neighbours that is not offered', 'neighbours=13'],
    ['a range that ends before it begins', 'from=2026-03-02&last=2026-03-01'],
    ['an impossible day', 'from=2026-02-30&last=2026-03-01'],
    ['empty filters', 'locale=&product=&search=+'],
    ['an unknown parameter', 'utm_source=mail'],
  ])('parseState ignores %s', (_, search) => {
    expect(parseState(`?${search}`)).toEqual(defaultState)
  })

  it('accepts a window as a bare number of days', () => {
    expect(parseState('?window=45').window).toBe('45d')
  })

  it('selects a period in place of a window if it has both', () => {
    expect(addressOf(parseState('?window=30d&period=2026-Q3'))).toBe('/?period=2026-Q3')
    expect(addressOf(parseState('?window=30d&period=2026-Q5'))).toBe('/?window=30d')
  })
})

describe('the range of a chart', () => {
  it('ends today', () => {
    const { from, to } = daysOf('1y', '2026-11-23')
    expect(to - from).toBe(365)
    expect(new Date((to - 1) * 86_400_000).toISOString()).toContain('2026-11-23')
  })

  it('gets a longer interval if it would have more than 1,000 points', () => {
    expect(fits('1y', 'day')).toBe(true)
    expect(fits('3y', 'day')).toBe(false)
    expect(parseState('?range=3y').interval).toBe('week')
    expect(fittingInterval({ from: '2000-01-01', last: '2026-01-01' }, 'day')).toBe('month')
  })
})

describe('the calendar periods that boards offer', () => {
  it.each([
    ['2026-01-01', '2025-12', '2025-Q4', '2026', '2025'],
    ['2026-03-31', '2026-02', '2025-Q4', '2026', '2025'],
    ['2026-04-01', '2026-03', '2026-Q1', '2026', '2025'],
    ['2026-11-26', '2026-10', '2026-Q3', '2026', '2025'],
    ['2026-12-31', '2026-11', '2026-Q3', '2026', '2025'],
  ])(
    'are, on %s, the last month and quarter, this year and the last year',
    (today, lastMonth, lastQuarter, thisYear, lastYear) => {
      expect(recentPeriods(today)).toEqual({ lastMonth, lastQuarter, thisYear, lastYear })
    },
  )
})
