import * as fc from 'fast-check'
import { timeZoneParameter } from '../../src/api/days.ts'
import { createElement } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../src/contributions/calendar.ts'
import { metrics } from '../../src/definitions/definitions.ts'
import { languages } from '../../src/definitions/languages.ts'
import type { FetchApi } from '../../src/pages/api/fetchApi.ts'
import { axisWidths, labelsOn } from '../../src/pages/bars/axisLabels.ts'
import { scaleOf } from '../../src/pages/bars/scale.ts'
import { compare, median } from '../../src/pages/community/comparison.ts'
import {
  communityAddress,
  defaultState,
  parseCommunity,
  splits,
} from '../../src/pages/community/communityState.ts'
import { Change, figureText, type Kind } from '../../src/pages/community/panels/Figures.tsx'
import {
  communityIntervals,
  fits,
  fittingInterval,
  spanOf,
  type CommunityInterval,
  type Range,
} from '../../src/pages/community/range.ts'
import { volumeOf } from '../../src/pages/community/volumeView.ts'
import { formattersFor, isZoneName } from '../../src/pages/formatters.ts'
import { catalogueOf } from '../../src/pages/texts/catalogue.ts'
import { textsFor } from '../../src/pages/texts/texts.ts'

it('pages accept the names of time zones of three letters that the API accepts', () => {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(0x41 + index))
  const names = letters.flatMap((first) =>
    letters.flatMap((second) => letters.map((third) => first + second + third)),
  )
  const accepted = names.filter(isZoneName)
  expect(accepted).toEqual(names.filter((name) => timeZoneParameter.safeParse(name).success))
  expect(accepted).toContain('UTC')
})

describe('the address of the community page', () => {
  it('has no parameters in the default state', () => {
    expect(parseCommunity('')).toEqual(defaultState)
    expect(communityAddress(defaultState)).toBe('/community')
  })

  it('parseCommunity restores any state from its address', () => {
    const text = fc.option(fc.stringMatching(/^[a-zA-Z<>&"'=-]{1,20}$/), { nil: undefined })
    const day = fc.integer({ min: 0, max: 9000 }).map((days) => formatDay(days + 10_957))
    const days = fc.tuple(day, day).map((both) => both.toSorted())
    const states = fc.record({
      rule: fc.constantFrom(...metrics.map(({ metric }) => metric)),
      interval: fc.constantFrom(...communityIntervals),
      range: fc.oneof(
        fc.integer({ min: 1, max: 500 }),
        days.map(([from = '', last = '']) => ({ from, last })),
      ),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu'),
      lang: fc.constantFrom(undefined, ...languages),
      locale: text,
      product: text,
      group: text,
      split: fc.constantFrom(...splits),
    })
    fc.assert(
      fc.property(states, (state) => {
        const { interval, range } = state
        const fitting = { ...state, interval: fittingInterval(range, interval) }
        expect(parseCommunity(communityAddress(state).slice('/community'.length))).toEqual(fitting)
      }),
    )
  })

  it.each([
    ['an unknown rule', 'rule=none'],
    ['an interval of days', 'interval=day'],
    ['no intervals', 'intervals=0'],
    ['more intervals than fit', 'intervals=501'],
    ['an unknown split', 'split=user'],
    ['a time zone in the wrong case', 'time_zone=europe/BERLIN'],
    ['a time zone that only Intl knows', 'time_zone=PST'],
    ['a range that ends before it begins', 'from=2026-03-02&last=2026-03-01'],
    ['a range before any contribution', 'from=1999-12-31&last=2026-03-01'],
    ['a range of more years than fit', 'from=2026-01-01&last=9999-12-31'],
    ['half a range', 'from=2026-01-01'],
    ['empty filters', 'locale=&product=&group=+'],
    ['an unknown parameter', 'utm_source=mail'],
  ])('parseCommunity ignores %s', (_, search) => {
    expect(parseCommunity(`?${search}`)).toEqual(defaultState)
  })
})

describe('spanOf', () => {
  const dates = (range: Range, interval: CommunityInterval, today: string) => {
    const span = spanOf(range, interval, today, undefined)
    const [from, last] = [formatDay(span.from), formatDay(span.to - 1)]
    return { from, last, count: span.count, before: formatDay(span.before) }
  }

  it('ends with the present interval, and begins on the first day of one', () => {
    expect(dates(12, 'week', '2026-11-26')).toEqual({
      from: '2026-09-07',
      last: '2026-11-29',
      count: 12,
      before: '2026-06-15',
    })
    expect(dates(3, 'quarter', '2026-11-26')).toEqual({
      from: '2026-04-01',
      last: '2026-12-31',
      count: 3,
      before: '2025-07-01',
    })
    expect(dates(1, 'year', '2026-01-01')).toEqual({
      from: '2026-01-01',
      last: '2026-12-31',
      count: 1,
      before: '2025-01-01',
    })
  })

  it('widens a range of days to whole intervals', () => {
    expect(dates({ from: '2026-02-28', last: '2026-04-01' }, 'month', '2026-11-26')).toEqual({
      from: '2026-02-01',
      last: '2026-04-30',
      count: 3,
      before: '2025-11-01',
    })
  })

  it('500 intervals fit, and one more needs a longer interval', () => {
    const from = '2000-01-03' // a Monday
    const last = (weeks: number) => formatDay((parseDay(from) ?? 0) + 7 * weeks - 1)
    expect(fits({ from, last: last(500) }, 'week')).toBe(true)
    expect(fits({ from, last: last(501) }, 'week')).toBe(false)
    expect(fittingInterval({ from, last: last(501) }, 'week')).toBe('month')
  })
})

describe('compare', () => {
  const point = (date: string, complete = true, total = 1) => ({ date, complete, total })
  const rules = {
    isOver: ({ complete }: { complete: boolean }) => complete,
    isActive: ({ total }: { total: number }) => total > 0,
  }
  const since = (date: string, isExact = false) => ({ from: parseDay(date) ?? 0, isExact, start: undefined })
  const points = [
    point('2026-01-01'),
    point('2026-02-01'),
    point('2026-03-01'),
    point('2026-04-01'),
    point('2026-05-01'),
    point('2026-06-01', false),
  ]

  it('compares the intervals that are over with the same number just before the first one shown', () => {
    const { shown, earlier, previous, done, before } = compare(points, since('2026-04-01'), rules)
    expect(shown).toEqual(points.slice(3))
    expect(earlier).toEqual(points.slice(0, 3))
    expect(previous).toEqual(points.slice(2, 5))
    expect(done).toEqual(points.slice(3, 5))
    expect(before).toEqual(points.slice(1, 3))
  })

  it('has nothing to compare while no interval is over', () => {
    const { done, before } = compare(points, since('2026-06-01'), rules)
    expect([done, before]).toEqual([[], []])
  })

  it('gives undefined for points that the answer does not have', () => {
    const { earlier, previous } = compare(points.slice(0, 3), since('2026-01-01'), rules)
    expect(earlier).toEqual([undefined, undefined, undefined])
    expect(previous).toEqual([undefined, points[0], points[1]])
  })

  /** The points, without contributions in the first ones. */
  const emptyUntil = (count: number) =>
    points.map((each, index) => (index < count ? { ...each, total: 0 } : each))

  it('leaves out the intervals of the span before the first contribution, and then compares nothing', () => {
    const late = emptyUntil(4)
    expect(compare(late, since('2026-04-01'), rules)).toEqual({
      shown: late.slice(4),
      earlier: [undefined, undefined],
      previous: [undefined, late[4]],
      done: late.slice(4, 5),
      before: [],
    })
  })

  it('compares nothing if the first contribution is too late for the same number of intervals before', () => {
    const [two, one] = [emptyUntil(1), emptyUntil(2)]
    expect(compare(two, since('2026-04-01'), rules).before).toEqual(two.slice(1, 3))
    const { shown, earlier, previous, done, before } = compare(one, since('2026-04-01'), rules)
    expect(before).toEqual([])
    expect(done).toEqual(one.slice(3, 5))
    expect(shown).toEqual(one.slice(3))
    expect(earlier).toEqual([undefined, undefined, one[2]])
    expect(previous).toEqual(one.slice(2, 5))
  })

  it('keeps an interval without contributions if it is after the first one with contributions', () => {
    const quiet = points.map((each, index) => (index === 1 || index === 4 ? { ...each, total: 0 } : each))
    const { done, before } = compare(quiet, since('2026-04-01'), rules)
    expect([done, before]).toEqual([quiet.slice(3, 5), quiet.slice(1, 3)])
  })

  it('shows every interval of an exact span, and counts those since the first contribution', () => {
    const late = emptyUntil(4)
    const { shown, earlier, previous, done, before } = compare(late, since('2026-03-01', true), rules)
    expect(shown).toEqual(late.slice(2))
    expect(earlier).toEqual([undefined, undefined, undefined, undefined])
    expect(previous).toEqual([undefined, undefined, undefined, late[4]])
    expect([done, before]).toEqual([late.slice(4, 5), []])
  })

  it('takes an interval that the beginning of the log cuts for no whole one: it is shown, but never counted or compared with', () => {
    const start = { first: '2026-02-10', whole: '2026-02-11' }
    const late = emptyUntil(1)
    const two = compare(late, { ...since('2026-04-01'), start }, rules)
    expect(two.before).toEqual([])
    expect(two.earlier).toEqual([undefined, undefined, late[2]])
    const all = compare(late, { ...since('2026-01-01'), start }, rules)
    expect(all.shown).toEqual(late.slice(1))
    expect(all.done).toEqual(late.slice(2, 5))
    expect(all.previous).toEqual([undefined, undefined, late[2], late[3], late[4]])
    const whole = { first: '2026-02-01', whole: '2026-02-01' }
    expect(compare(late, { ...since('2026-04-01'), start: whole }, rules).before).toEqual(late.slice(1, 3))
  })

  it('counts nothing while the beginning of the log cuts the only interval', () => {
    const start = { first: '2026-06-10', whole: '2026-06-11' }
    const { shown, done, before } = compare(emptyUntil(5), { ...since('2026-04-01'), start }, rules)
    expect([shown, done, before]).toEqual([points.slice(5), [], []])
  })

  it('counts nothing without any contribution', () => {
    const empty = emptyUntil(6)
    const { shown, done, before } = compare(empty, since('2026-04-01'), rules)
    expect([shown, done, before]).toEqual([[], [], []])
  })
})

describe('Change', () => {
  const wordsIn = (language: 'en' | 'de') => ({
    texts: textsFor(language, catalogueOf(language), undefined),
    formatters: formattersFor(language, 'UTC'),
  })
  const changeOf = (kind: Kind, now: number, before: number, language: 'en' | 'de' = 'en'): string =>
    renderToString(
      createElement(Change, { kind, now, before, than: 'before', words: wordsIn(language) }),
    ).replaceAll(/<[^>]*>/g, '')

  it('is computed from the exact numbers, and rounded last', () => {
    // 14 against 11 people and 184 against 168 in eleven weeks: the rounded averages would give 30% and 1.4 (9%).
    expect(changeOf('count', 14 / 11, 11 / 11)).toBe('▴ +0.3 (+27%) before: 1')
    expect(changeOf('count', 184 / 11, 168 / 11)).toBe('▴ +1.5 (+10%) before: 15.3')
    expect(changeOf('count', 0.24, 1)).toBe('▾ −0.8 (−76%) before: 1')
    expect(changeOf('hours', 2.44, 2.36)).toBe('▴ +0.1 h (+3%) before: 2.4 h')
    expect(changeOf('share', 0.6254, 0.5236)).toBe('▴ +10.2 points before: 52.4%')
  })

  it('has two decimals if one would give 0', () => {
    expect(changeOf('count', 1.06, 1.04)).toBe('▴ +0.02 (+2%) before: 1')
    expect(changeOf('share', 0.3604, 0.36)).toBe('▴ +0.04 points before: 36%')
    expect(changeOf('hours', 0.1 + 0.2, 0.3)).toBe('No change before: 0.3 h')
  })

  it('is less than 1% where a percentage would be rounded to 0', () => {
    expect(changeOf('hours', 49.8, 50)).toBe('▾ −0.2 h (less than 1%) before: 50 h')
    expect(changeOf('count', 1004, 1000)).toBe('▴ +4 (less than 1%) before: 1,000')
    expect(changeOf('count', 1005, 1000, 'de')).toBe('▴ +5 (+1 %) before: 1.000')
    expect(changeOf('count', 996, 1000, 'de')).toBe('▾ −4 (weniger als 1 %) before: 1.000')
  })

  it('has no percentage above a tenfold increase', () => {
    expect(changeOf('count', 22, 2)).toBe('▴ +20 (+1,000%) before: 2')
    expect(changeOf('count', 23, 2)).toBe('▴ +21 before: 2')
    expect(changeOf('count', 3, 0)).toBe('▴ +3 before: 0')
  })

  it('has a minus, not a hyphen, in every language', () => {
    expect(changeOf('count', 1, 2)).toBe('▾ −1 (−50%) before: 2')
    expect(changeOf('hours', 0.5, 1.2)).toBe('▾ −0.7 h (−58%) before: 1.2 h')
    expect(changeOf('share', 0.1, 0.25, 'de')).toBe('▾ −15 Prozentpunkte before: 25\u00A0%')
  })
})

it('a share that would be rounded to 0% is less than 0.1%', () => {
  const words = {
    texts: textsFor('en', catalogueOf('en'), undefined),
    formatters: formattersFor('en', 'UTC'),
  }
  expect([0, 1 / 2001, 1 / 2000, 1].map((share) => figureText('share', share, words))).toEqual([
    '0%',
    'less than 0.1%',
    '0.1%',
    '100%',
  ])
})

it('median() of an even number is the mean of the middle two', () => {
  expect([[], [3], [9, 1], [9, 1, 2], [8, 1, 4, 2]].map(median)).toEqual([undefined, 3, 5, 2, 3])
})

describe('scaleOf', () => {
  it('has whole, evenly spaced ticks around 0 that hold every value', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (most, depth) => {
        const { top, bottom, ticks } = scaleOf(most, -depth, true)
        expect(top).toBeGreaterThanOrEqual(most)
        expect(bottom).toBeLessThanOrEqual(-depth)
        expect(ticks).toContain(0)
        expect(ticks.every(Number.isInteger)).toBe(true)
        expect([ticks[0], ticks.at(-1)]).toEqual([top, bottom])
        expect(new Set(ticks.slice(1).map((tick, index) => (ticks[index] ?? 0) - tick)).size).toBeLessThan(2)
        expect(ticks.length).toBeLessThanOrEqual(7)
        expect(top).toBeGreaterThan(bottom)
      }),
    )
  })

  it('has quarters for shares', () => {
    expect(scaleOf(1, 0, false)).toEqual({ top: 1, bottom: 0, ticks: [1, 0.75, 0.5, 0.25, 0] })
  })
})

describe('labelsOn', () => {
  const labels = (count: number, shortName: string) => Array.from({ length: count }, () => ({ shortName }))

  it('are evenly spaced, as many as have room, and within the axis', () => {
    const [wide, narrow] = [labelsOn(56, labels(24, 'Nov 2025')), labelsOn(10, labels(24, 'Nov 2025'))]
    expect([...wide]).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21])
    expect([...narrow]).toEqual([3, 14])
    expect(labelsOn(6, labels(1, 'Nov 2025'))).toEqual(new Set([0]))
    expect(labelsOn(56, labels(4, '2026')).size).toBe(4)
  })

  it('never touch each other, however many and however long', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...axisWidths),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 4, max: 12 }),
        (width, count, length) => {
          const shown = [...labelsOn(width, labels(count, 'M'.repeat(length)))]
          // DejaVu Sans at 0.75rem: a date takes at most 0.62 em for a character.
          const room = shown.slice(1).map((index, at) => ((index - (shown[at] ?? 0)) * width) / count)
          for (const each of room) expect(each).toBeGreaterThan(length * 0.62 * 0.75)
        },
      ),
    )
  })
})

describe('volumeOf', () => {
  const state = { ...defaultState, interval: 'month', range: 2, split: 'product' } as const
  const months = ['2026-08-01', '2026-09-01', '2026-10-01', '2026-11-01']
  const series = (name: string, counts: number[]) => ({
    name,
    points: months.map((date, index) => ({
      date,
      contributions: counts[index] ?? 0,
      contributors: 1,
      complete: index < 3,
    })),
  })

  const viewOf = async (all: ReturnType<typeof series>[]) => {
    const paths: string[] = []
    const load: FetchApi = async (path) => {
      paths.push(path)
      return { ok: true, body: { as_of: 'now', series: all } as never }
    }
    const result = await volumeOf(spanOf(2, 'month', '2026-11-26', undefined), state).load(load)
    return { paths, view: result.ok ? result.body : undefined }
  }

  it('reads the months before too, and compares only those that are over', async () => {
    const { paths, view } = await viewOf([series('a', [1, 2, 4, 8]), series('', [0, 0, 50, 0])])
    expect(paths).toEqual([
      '/v1/volume?group_by=product&from=2026-08-01&to=2026-12-01&interval=month&time_zone=UTC',
    ])
    expect(view).toEqual({
      as_of: 'now',
      names: ['', 'a'],
      points: [
        { date: '2026-08-01', complete: true, counts: [0, 1], total: 1 },
        { date: '2026-09-01', complete: true, counts: [0, 2], total: 2 },
        { date: '2026-10-01', complete: true, counts: [50, 4], total: 54 },
        { date: '2026-11-01', complete: false, counts: [0, 8], total: 8 },
      ],
      totals: [
        { name: '', now: 50, before: 0 },
        { name: 'a', now: 4, before: 2 },
      ],
    })
  })

  it('compares nothing before the first contribution under any name', async () => {
    const { view } = await viewOf([series('a', [0, 0, 4, 8]), series('b', [0, 0, 50, 0])])
    expect(view?.totals).toEqual([
      { name: 'b', now: 50, before: undefined },
      { name: 'a', now: 4, before: undefined },
    ])
  })

  it('shows at most six series, and adds up all others as one', async () => {
    const named = ['a', 'b', 'c', 'd', 'e', 'f', '…'].map((name, index) => series(name, [0, 0, 9 - index, 0]))
    const six = await viewOf(named.slice(0, 6))
    expect(six.view?.names).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    const seven = await viewOf(named)
    expect(seven.view?.names).toEqual(['a', 'b', 'c', 'd', 'e', null])
    expect(seven.view?.points[2]?.counts).toEqual([9, 8, 7, 6, 5, 7])
    expect(seven.view?.totals).toHaveLength(7)
  })
})
