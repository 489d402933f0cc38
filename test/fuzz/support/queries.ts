import * as fc from 'fast-check'
import { noon } from '../../support/clock.ts'
import { anyText } from './corpus.ts'
import { types } from './messageContract.ts'
import { anyInstant } from './messages.ts'
import { parameterNames } from './queryContract.ts'

const whole = (...edges: number[]): fc.Arbitrary<string> =>
  fc.oneof(fc.integer({ min: 0, max: 120 }), fc.constantFrom(...edges, 2 ** 53 - 1, 2 ** 53)).map(String)

const day = fc.oneof(
  fc
    .integer({ min: -719_600, max: 2_932_990 })
    .map((days) => new Date(days * 86_400_000).toISOString().replace(/T.*/, '')),
  fc
    .integer({ min: 0, max: 400 })
    .map((days) => new Date(noon - days * 86_400_000).toISOString().slice(0, 10)),
  fc.constantFrom('0000-01-01', '9999-12-31', '9999-12-30', '2026-02-30', '2026-1-1', '10000-01-01'),
)

const periodEnd = fc.oneof(day, anyInstant)

const timeZones = [
  'UTC',
  'Europe/Berlin',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Etc/GMT-14',
]

/** Mostly valid values, by parameter. */
const sensible: Record<string, fc.Arbitrary<string>> = {
  after: whole(1000),
  around: whole(),
  as_of: anyInstant,
  at_least: fc.oneof(fc.constantFrom('0', '1'), whole()),
  cursor: fc.base64String({ maxLength: 60 }),
  from: periodEnd,
  group: fc.constantFrom('staff', 'l10n', 'Staff', ''),
  group_by: fc.constantFrom('type', 'locale', 'product', 'user'),
  ids: fc.oneof(
    fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 5 }).map(String),
    fc.constantFrom(
      '1,,2',
      '1,',
      '007',
      '1, 2',
      Array.from({ length: 100 }, (_, index) => index + 1).join(','),
    ),
    fc.constant(Array.from({ length: 101 }, (_, index) => index + 1).join(',')),
  ),
  interval: fc.constantFrom('day', 'week', 'month', 'quarter', 'year', 'Day'),
  limit: whole(99, 101, 999, 1000, 1001, 10_000, 10_001),
  locale: fc.constantFrom('', 'en-US', 'de', 'zh-Hant-TW'),
  measure: fc.constantFrom('contributions', 'parents', 'days', 'Days'),
  min: whole(),
  rule: fc.constantFrom('active_contributors', 'kb_contributors', 'overall', ''),
  period: fc.oneof(
    fc.constantFrom('2026', '2026-Q4', '2026-11', '2026-W47', '2026-Q5', '2026-13', '0000', '9999-W52'),
    fc
      .tuple(fc.integer({ min: 0, max: 10_001 }), fc.constantFrom('', '-', '-Q', '-W'), fc.nat(60))
      .map(
        ([year, kind, number]) =>
          `${String(year).padStart(4, '0')}${kind}${kind === '' ? '' : String(number).padStart(kind === '-Q' ? 1 : 2, '0')}`,
      ),
  ),
  product: fc.constantFrom('', 'firefox', '0'),
  lang: fc.constantFrom('en', 'de', 'ar', 'DE', 'en-US', 'xx'),
  variant: fc.constantFrom('standard', 'compact', 'wide', 'Wide'),
  theme: fc.constantFrom('light', 'dark', 'auto', 'Dark'),
  time_zone: fc.constantFrom(...timeZones),
  to: periodEnd,
  type: fc.constantFrom(...types),
  search: fc.oneof(anyText(100), fc.constantFrom('an', 'ANA')),
  username: fc.oneof(anyText(254), fc.constantFrom('ana', 'ANA')),
  window: fc.oneof(
    fc.constantFrom('all', '7d', '30d', '90d', '365d', '3660d', '3661d', '0d'),
    whole().map((days) => `${days}d`),
  ),
}

const values = (name: string): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: sensible[name] ?? anyText(2048), weight: 9 }, { arbitrary: anyText(2048), weight: 1 })

/** A parameter and a value, mostly with one of these names. */
const parameter = (names: readonly string[]): fc.Arbitrary<[string, string]> => {
  const known = names.map((name) => fc.tuple(fc.constant(name), values(name)))
  const other = fc.tuple(fc.constantFrom(...parameterNames), values(''))
  const nasty = fc.tuple(anyText(64), anyText(64))
  return fc.oneof(
    ...known.map((arbitrary) => ({ arbitrary, weight: 10 })),
    { arbitrary: other, weight: names.length === 0 ? 1 : 0 },
    { arbitrary: nasty, weight: 1 },
  )
}

/** Queries for a route with these parameters, many of them valid and many not. */
export const anyQuery = (names: readonly string[]): fc.Arbitrary<[string, string][]> =>
  fc.oneof(
    { arbitrary: fc.array(parameter(names), { maxLength: 3 }), weight: 3 },
    {
      arbitrary: fc.uniqueArray(parameter(names), { maxLength: 6, selector: ([name]) => name }),
      weight: 3,
    },
  )
