import { describe, expect, it } from 'vitest'
import { dateTicks, nameTicks } from '../../src/pages/browser/drawing/dateTicks.ts'
import { cellsOf, monthsOf } from '../../src/pages/calendar/heatMapCells.ts'
import { embedCodes } from '../../src/pages/embed/Embed.tsx'
import { zoneOptions } from '../../src/pages/parts/TimeZone.tsx'
import { parseProfile, profileAddress } from '../../src/pages/profile/profileState.ts'

describe('cellsOf', () => {
  const cells = cellsOf('2026-01-01', '2027-01-01', [
    { date: '2026-01-04', count: 1 },
    { date: '2026-01-05', count: 100 },
    { date: '2026-12-31', count: 10 },
  ])

  it('puts each day of the range in the column of its week and the row of its weekday', () => {
    expect(cells).toHaveLength(365)
    expect(cells[0]).toEqual({ date: '2026-01-01', count: 0, week: 0, weekday: 3, level: 0 })
    expect(cells[3]).toMatchObject({ date: '2026-01-04', week: 0, weekday: 6 })
    expect(cells[4]).toMatchObject({ date: '2026-01-05', week: 1, weekday: 0 })
    expect(cells.at(-1)).toMatchObject({ date: '2026-12-31', week: 52, weekday: 3 })
  })

  it('gives the busiest day level 4, and any day with contributions at least level 1', () => {
    const levels = cells.filter(({ count }) => count > 0).map(({ level }) => level)
    expect(levels).toEqual([1, 4, 2])
  })

  it('monthsOf finds the start of every month', () => {
    expect(monthsOf(cells)).toHaveLength(12)
  })
})

describe('dateTicks', () => {
  const at = (date: string) => Date.parse(date) / 1000

  it('returns first days of months for a year', () => {
    const ticks = dateTicks(at('2025-11-24'), at('2026-11-23'), 12)
    expect(ticks.map((tick) => new Date(tick * 1000).getUTCDate())).toEqual(Array(12).fill(1))
    expect(nameTicks('en', ticks).slice(0, 2)).toEqual(['Dec 2025', 'Jan 2026'])
  })

  it('returns at most one tick more than requested, for any range', () => {
    for (const most of [2, 5, 12]) {
      for (const last of ['2000-01-02', '2000-03-01', '2001-01-01', '2026-11-23']) {
        expect(dateTicks(at('2000-01-01'), at(last), most).length).toBeLessThanOrEqual(most + 1)
      }
    }
  })

  it('returns days for a week', () => {
    expect(nameTicks('en', dateTicks(at('2026-11-01'), at('2026-11-05'), 6))).toEqual([
      'Nov 1',
      'Nov 2',
      'Nov 3',
      'Nov 4',
      'Nov 5',
    ])
  })
})

describe('embedCodes', () => {
  const codes = embedCodes({
    origin: 'https://perennial.example',
    id: 42,
    alternative: `"><img src=x onerror=alert(1)>](javascript:alert(1))`,
    theme: 'dark',
    variant: 'wide',
    language: 'ja',
  })

  it('links to the card, the badge and the profile', () => {
    const [card, , badge] = codes.map(({ code }) => code)
    expect(card).toContain('<a href="https://perennial.example/users/42"><img ')
    expect(card).toContain(
      ' src="https://perennial.example/v1/users/42/card.svg?theme=dark&amp;variant=wide&amp;lang=ja" ',
    )
    const badgeUrl = encodeURIComponent('https://perennial.example/v1/users/42/badge.json?lang=ja')
    expect(badge).toContain(` src="https://img.shields.io/endpoint?url=${badgeUrl}" `)
  })

  it('escapes a hostile name in the alternative text', () => {
    const [html, markdown] = codes.map(({ code }) => code)
    expect(html?.match(/</g)).toHaveLength(3)
    expect(html).toContain('&quot;&gt;&lt;img')
    expect(markdown).toContain(String.raw`\]\(javascript`)
  })
})

describe('profileAddress', () => {
  it('contains the whole state except defaults, and drops invalid parameters', () => {
    const address =
      '/users/42?type=answer&window=30d&product=firefox&locale=&ranks=all&theme=dark&variant=wide&time_zone=Asia%2FTokyo&year=2025&card_lang=ar'
    expect(profileAddress(42, parseProfile(address.slice('/users/42'.length)))).toBe(address)
    for (const period of ['2026', '2026-03', '2026-03-01'])
      expect(profileAddress(42, parseProfile(`?period=${period}&window=30d`))).toBe(
        `/users/42?period=${period}`,
      )
    expect(profileAddress(42, parseProfile('?period=2026-02-30&product=A%2Fb&locale=!&variant=x'))).toBe(
      '/users/42',
    )
    expect(profileAddress(42, parseProfile('?year=0&type=x&window=99999d&ranks=1d&theme=red'))).toBe(
      '/users/42',
    )
  })
})

describe('zoneOptions', () => {
  const winter = Date.parse('2026-01-15T12:00:00Z')

  it("lists the visitor's own zone, UTC, the selected one and then all others, with offsets, by current names", () => {
    const known = ['Africa/Asmera', 'America/New_York', 'Asia/Calcutta', 'Europe/Berlin', 'UTC']
    expect(zoneOptions('Asia/Calcutta', 'Europe/Berlin', known, winter)).toEqual([
      { zone: 'Asia/Kolkata', label: 'Asia/Kolkata (UTC+05:30)', isOwn: true },
      { zone: 'UTC', label: 'UTC', isOwn: false },
      { zone: 'Europe/Berlin', label: 'Europe/Berlin (UTC+01:00)', isOwn: false },
      { zone: 'Africa/Asmara', label: 'Africa/Asmara (UTC+03:00)', isOwn: false },
      { zone: 'America/New_York', label: 'America/New_York (UTC-05:00)', isOwn: false },
    ])
  })

  it('has every zone that browsers know, by a name that the API accepts', () => {
    const known = Intl.supportedValuesOf('timeZone')
    const zones = zoneOptions('Europe/Kiev', 'UTC', known, winter).map(({ zone }) => zone)
    expect(zones[0]).toBe('Europe/Kyiv')
    expect(new Set(zones).size).toBe(zones.length)
    const instants = zones.map((timeZone) => new Intl.DateTimeFormat('en', { timeZone }).format(winter))
    expect(instants).toHaveLength(zones.length)
    expect(zones.length).toBeGreaterThanOrEqual(known.length)
  })
})
