import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { amount, isLong } from '../support/form.ts'
import type { DayPiece } from '../../src/contributions/calendar.ts'
import { dayAt, dayPieces, skippedDays, startOfDay } from '../../src/api/days.ts'

const epochDay = Temporal.PlainDate.from('1970-01-01')
const day = (text: string): number => epochDay.until(text, { largestUnit: 'day' }).days
const dateOf = (of: number): string => epochDay.add({ days: of }).toString()
const dayMilliseconds = 86_400_000

/** The day of an instant by its pieces, as `localDaySql` computes it. */
const dayByPieces = (pieces: readonly DayPiece[], instant: number): number | undefined => {
  const piece = pieces.findLast(({ start }) => instant >= start)
  if (!piece) return undefined
  return piece.isOneDay
    ? piece.firstDay
    : piece.firstDay + Math.floor((instant - piece.start) / dayMilliseconds)
}

/** The instants at which a zone's clocks change from 1970 to 2037. */
const changesOf = (timeZone: string): number[] => {
  const changes: number[] = []
  const end = Date.UTC(2038, 0, 1)
  let at: Temporal.ZonedDateTime | null =
    Temporal.Instant.fromEpochMilliseconds(-1).toZonedDateTimeISO(timeZone)
  while ((at = at.getTimeZoneTransition('next')) && at.epochMilliseconds < end)
    changes.push(at.epochMilliseconds)
  return changes
}

const zones = Intl.supportedValuesOf('timeZone')

/** Zones whose clocks changed at midnight, by half an hour, across the date line or around Ramadan. */
const unusual = new Set([
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Nuuk',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Fakaofo',
])

/** The long form tries every zone, the short form the unusual ones and every fourth of the others. */
const triedZones = zones.filter((zone, index) => isLong || unusual.has(zone) || index % 4 === 0)

/** The days around each clock change of a zone whose bounds differ from Temporal's, for ranges that start on different days. */
const wrongDays = (timeZone: string, changes: readonly number[]): string[] => {
  const starts = new Map<number, number>()
  const startOf = (of: number): number => {
    const start = starts.get(of) ?? epochDay.add({ days: of }).toZonedDateTime(timeZone).epochMilliseconds
    starts.set(of, start)
    return start
  }
  const allPieces = dayPieces(0, day('2038-01-01'), timeZone)
  const wrongIn = (from: number, pieces: readonly DayPiece[]): string[] =>
    [from, from + 1, from + 2, from + 3].flatMap((of) => {
      const [start, end] = [startOf(of), startOf(of + 1)]
      if (start === end) return []
      const isRight = dayByPieces(pieces, start) === of && dayByPieces(pieces, end - 1) === of
      return isRight ? [] : [`${timeZone} ${dateOf(of)} in a range from ${dateOf(from)}`]
    })
  return changes.flatMap((change) => {
    const changed = dayAt(change, timeZone)
    const near = [changed - 1, changed, changed + 1]
    return near.flatMap((from) => [
      ...wrongIn(from, dayPieces(from, from + 4, timeZone)),
      ...(from < 0 ? [] : wrongIn(from, allPieces)),
    ])
  })
}

describe('the days of a range', () => {
  it('start and end where Temporal says, in ranges around every clock change since 1970', () => {
    const seen = new Set<string>()
    let changesSeen = 0
    const wrong = triedZones.flatMap((timeZone) => {
      const changes = changesOf(timeZone)
      const clocks = JSON.stringify([changes, changes.map((at) => startOfDay(dayAt(at, timeZone), timeZone))])
      if (seen.has(clocks)) return [] // another zone's clocks under another name
      seen.add(clocks)
      changesSeen += changes.length
      return wrongDays(timeZone, changes)
    })
    expect(wrong).toEqual([])
    expect(changesSeen).toBeGreaterThan(amount(3000, 10_000))
  })

  it.each([
    // Clocks go from 00:00 to 01:00, so the day starts with the change.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 23],
    // The date was skipped: the day ends when it starts.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0],
    // Clocks go from 00:01 back to 23:01, which is on the day that has started.
    ['America/St_Johns', '2009-11-01', '2009-11-01T02:30:00Z', 25],
    // Clocks go from 00:00 back to 23:00 before the day starts.
    ['America/Sao_Paulo', '2019-02-17', '2019-02-17T03:00:00Z', 24],
  ])('contain, in %s, the day %s, which starts at %s and lasts %i hours', (timeZone, date, start, hours) => {
    const [from, to] = [startOfDay(day(date), timeZone), startOfDay(day(date) + 1, timeZone)]
    expect([new Date(from).toISOString(), (to - from) / 3_600_000]).toEqual([
      start.replace('Z', '.000Z'),
      hours,
    ])
    const before = dayAt(from - 1, timeZone)
    expect([before, dayAt(to, timeZone)]).toEqual([day(date) - 1, day(date) + 1])
    // A skipped day ends where it starts: the instants belong to its neighbours.
    const [first, last] = hours > 0 ? [day(date), day(date)] : [day(date) + 1, day(date) - 1]
    expect([dayAt(from, timeZone), dayAt(to - 1, timeZone)]).toEqual([first, last])
  })

  it.each([
    ['Pacific/Apia', '2011-12-30'],
    ['Pacific/Fakaofo', '2011-12-30'],
    ['Pacific/Kiritimati', '1994-12-31'],
  ])('leave out, in %s, the date %s, wherever the range begins and ends', (timeZone, date) => {
    const date0 = day(date)
    for (const [from, to] of [
      [0, 1],
      [-5, 1],
      [-1, 2],
      [0, 5],
    ] as const)
      expect([...skippedDays(date0 + from, date0 + to, timeZone)]).toEqual([date0])
    for (const [from, to] of [
      [-5, 0],
      [1, 5],
    ] as const)
      expect([...skippedDays(date0 + from, date0 + to, timeZone)]).toEqual([])
  })

  it('are skipped where a zone crossed the date line, and nowhere else', () => {
    const skipped = triedZones.flatMap((timeZone) =>
      [...skippedDays(day('2000-01-01'), day('2030-01-01'), timeZone)].map(
        (of) => `${timeZone} ${dateOf(of)}`,
      ),
    )
    expect(skipped).toEqual(['Pacific/Apia 2011-12-30', 'Pacific/Fakaofo 2011-12-30'])
  })
})
