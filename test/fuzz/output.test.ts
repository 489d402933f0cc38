import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { badge } from '../../src/cards/badge.ts'
import { renderUserCard } from '../../src/cards/renderCard.tsx'
import { styleSheets } from '../../src/cards/cardStyles.ts'
import { themes, variants } from '../../src/cards/cardOptions.ts'
import { wordsOf } from '../../src/cards/wordsOf.ts'
import { cardLanguages } from '../../src/definitions/languages.ts'
import { contributionTypes } from '../../src/definitions/definitions.ts'
import { toCsv } from '../../src/http/streamTable.ts'
import { parseCard } from '../support/card.ts'
import { anyText, nastyStrings } from './support/corpus.ts'
import { countInputs, fuzz } from './support/fuzz.ts'

type Cell = string | number | boolean | null

/** The start of a formula in a spreadsheet, also in full width. */
const beginsFormula = /^[=+\-@\t\r＝＋－＠]/u

const safe = (cell: Cell): string => {
  if (typeof cell === 'string' && beginsFormula.test(cell)) return `'${cell}`
  return cell === null ? '' : String(cell)
}

/** Text as it is sent: UTF-8 has no lone surrogates. */
const asSent = (text: string): string => text.toWellFormed()

const cell: fc.Arbitrary<Cell> = fc.oneof(
  { arbitrary: anyText(254).map(asSent), weight: 6 },
  { arbitrary: fc.constantFrom<Cell[]>(null, true, false, '', 0, -1, 2 ** 53 - 1), weight: 1 },
)

const tableOf = (...columns: string[]): fc.Arbitrary<{ columns: string[]; rows: Cell[][] }> => {
  const row = fc.array(cell, { minLength: columns.length, maxLength: columns.length })
  return fc.record({ columns: fc.constant(columns), rows: fc.array(row, { maxLength: 6 }) })
}

const tables = fc.oneof(tableOf('date', 'count'), tableOf('rank', 'user_id', 'username', 'count'))

const read = (csv: string): string[][] => parse(csv, { record_delimiter: '\r\n', relax_column_count: false })

const checkTable = (columns: string[], rows: Cell[][]): void => {
  const csv = toCsv({ columns, rows })
  expect(csv.endsWith('\r\n')).toBe(true)
  const cells = rows.map((row) => row.map(safe))
  expect(read(csv)).toEqual([columns, ...cells])
}

it('another parser reads a CSV table cell by cell, without a formula in it', async (context) => {
  await fuzz(
    context,
    'tables',
    fc.property(tables, ({ columns, rows }) => checkTable(columns, rows)),
    8000,
  )
  for (const text of nastyStrings.map(asSent)) checkTable(['a', 'b'], [[text, text]])
  countInputs(context, 'tables', nastyStrings.length)
})

const count = fc.oneof(fc.nat(50), fc.constantFrom(0, 0, 1, 9999, 10_000, 999_999_999))

const portraits = fc.record({
  user: fc.record({
    id: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
    username: fc.option(anyText(254)),
    display_name: fc.option(anyText(254)),
    avatar_url: fc.constant(null),
  }),
  types: fc.record({
    question: count,
    answer: count,
    solution: count,
    kb_edit: count,
    kb_review: count,
    helpful_vote: count,
  }),
  last30Days: count,
  last90Days: count,
  sinceYear: fc.option(fc.integer({ min: 2000, max: 9999 })),
  // Every day of the year before 2026-11-20, so that a card is as long as it can be.
  days: fc
    .array(count, { minLength: 364, maxLength: 364 })
    .map((counts) => counts.map((each, index) => ({ day: 20_777 - 363 + index, count: each }))),
  today: fc.constant(20_777),
  asOf: fc.option(fc.constantFrom('0000-01-01', '2026-11-20', '9999-12-31')),
  scope: fc.record({
    locale: fc.constantFrom(undefined, '', 'en-US', 'x'.repeat(8) + '-abcdefgh'.repeat(3)),
    product: fc.constantFrom(undefined, '', 'firefox', 'w'.repeat(64)),
  }),
  style: fc.record({
    theme: fc.constantFrom(...themes),
    variant: fc.constantFrom(...variants),
    language: fc.constantFrom(...cardLanguages),
  }),
})

const tags = new Set([
  'svg',
  'title',
  'desc',
  'style',
  'rect',
  'text',
  'g',
  'path',
  'circle',
  'clipPath',
  'defs',
])

it('a card is well-formed XML that runs nothing, loads nothing and links nowhere', async (context) => {
  const property = fc.property(portraits, ({ user, style, ...counts }) => {
    const total = Object.values(counts.types).reduce((sum, ofType) => sum + ofType, 0)
    const text = renderUserCard({ name: wordsOf('en').nameOf(user), total, ...counts }, style)
    const document = parseCard(text)
    for (const element of document.getElementsByTagName('*')) {
      if (!tags.has(element.tagName)) expect.fail(`A card has a ${element.tagName}`)
      for (const { name, value } of element.attributes) {
        if (/^on|href|^src$|^style$/i.test(name) || /url\(|NaN|undefined|Infinity|script:/i.test(value))
          expect.fail(`A card has ${name}="${value}"`)
      }
    }
    const styles = Array.from(document.getElementsByTagName('style'), ({ textContent }) => textContent)
    expect(styles).toEqual([styleSheets[style.theme]])
    expect(text.isWellFormed()).toBe(true)
    expect(new TextEncoder().encode(text).length).toBeLessThan(10_000)
  })
  await fuzz(context, 'cards', property, 3000)
})

it('a badge has an exact number and only properties that Shields knows', async (context) => {
  const phrases = fc.constantFrom('', 'in 1 day', 'in 3660 days', 'in 2026-W47', 'since 2026-01-01')
  const types = fc.option(fc.constantFrom(...contributionTypes), { nil: undefined })
  const property = fc.property(fc.oneof(count, fc.maxSafeNat()), types, phrases, (number, type, phrase) => {
    const { schemaVersion, label, message, color, ...rest } = badge(
      number,
      type,
      phrase === '' ? [] : [phrase],
      wordsOf('en'),
    )
    expect(schemaVersion).toBe(1)
    expect(message.replaceAll(',', '')).toBe(String(number))
    expect(label).toMatch(new RegExp(`^[a-zA-Z -]+${phrase && ` ${phrase}`}$`))
    expect(color).toMatch(/^(?:lightgrey|#[0-9a-f]{6})$/)
    expect(rest).toEqual({})
  })
  await fuzz(context, 'badges', property, 5000)
})
