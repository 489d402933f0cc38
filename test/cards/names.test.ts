import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard, type Card } from '../support/card.ts'
import { noon, setClock } from '../support/clock.ts'
import { amount } from '../support/form.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, send } from '../support/site.ts'

const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']

/** The cards of users with these names, each with a contribution of every type. */
const cardsOf = async (names: readonly string[]): Promise<Card[]> => {
  await freshLog()
  setClock(noon)
  const users = names.map((display_name, index) => ({ id: index + 1, display_name }))
  await send('user.updated', users)
  for (const type of types) {
    await send(
      'contribution.created',
      users.map(({ id }) => aContribution({ type, user: { id } })),
    )
  }
  return Promise.all(users.map(async ({ id }) => readCard(`/v1/users/${id}/card.svg`)))
}

const cardOf = async (name: string): Promise<Card> => {
  const [card] = await cardsOf([name])
  if (!card) throw new Error('No card came')
  return card
}

/** The whole name, from the title. */
const nameIn = ({ title }: Card): string => /^Contributions of \u2068(.*)\u2069$/u.exec(title)?.[1] ?? ''

/** A card's elements, in order. */
const tagsOf = ({ document }: Card): string[] =>
  Array.from(document.getElementsByTagName('*'), ({ tagName }) => tagName)

const graphemes = (text: string): string[] =>
  Array.from(new Intl.Segmenter('en').segment(text), ({ segment }) => segment)

/** Any name that the API accepts: 1 to 254 code points, without control characters. */
const anyName = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom(
        '<script>',
        ']]>',
        '&amp;',
        '<!--',
        '"\'',
        '\ufffe',
        '\u202e',
        '\u2069',
        '\u0301',
        '👩‍👩‍👧',
        'م',
        '﷽',
      ),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((parts) =>
    Array.from(parts.join(''))
      .filter((character) => !/[\p{Cc}\p{Cs}]/u.test(character))
      .slice(0, 254)
      .join(''),
  )
  .filter((name) => name !== '')

/** Whether `part` is `whole` with some characters removed. */
const isWithin = (part: string, whole: string): boolean => {
  const rest = Array.from(whole)[Symbol.iterator]()
  return Array.from(part).every((character) => rest.some((other) => other === character))
}

/** Characters that are drawn as a blank. */
const blank = /[\s\u115f\u1160\u2800\u3164\uffa0\ufffc\u{1d159}\u{13441}\u{13442}]/gu

/** Whether a name is visible, and has no marks and none of the characters that cards remove. */
const isPlain = (name: string): boolean =>
  /[\p{L}\p{N}\p{P}\p{S}]/u.test(name) &&
  !/[\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069\s\u2800\ufffc\u{1d159}\u{13441}\u{13442}]/u.test(
    name,
  )

/** The texts that `text` may be cut to. */
const prefixes = (text: string): string[] => {
  const pieces = graphemes(text)
  return pieces.map((_, end) => pieces.slice(0, end).join('').trimEnd())
}

it('a card is well-formed, smaller than 10 KB, and shows any name or its first graphemes', async () => {
  let [plain, cut] = [0, 0]
  const expected = tagsOf(await cardOf('Ana'))
  await fc.assert(
    fc.asyncProperty(fc.array(anyName, { minLength: 100, maxLength: 100 }), async (names) => {
      const cards = await cardsOf(names)
      for (const [index, card] of cards.entries()) {
        const name = names[index] ?? ''
        const whole = nameIn(card)
        expect(card.response.status).toBe(200)
        expect(new TextEncoder().encode(card.text).length).toBeLessThan(10_000)
        expect(tagsOf(card)).toEqual(expected)
        if (isPlain(name)) {
          plain += 1
          expect(whole).toBe(name)
        }
        const given = [name.replaceAll(blank, ' '), `Contributor ${index + 1}`]
        expect(given.some((text) => isWithin(whole, text))).toBe(true)
        if (card.heading === whole) continue
        cut += 1
        expect(prefixes(whole).map((prefix) => `${prefix}…`)).toContain(card.heading)
      }
    }),
    { numRuns: amount(2, 8), endOnFailure: true },
  )
  expect(plain).toBeGreaterThan(amount(10, 50))
  expect(cut).toBeGreaterThan(amount(40, 200))
})

it('a card with the longest names in characters or bytes is smaller than 10 KB', async () => {
  const cards = await cardsOf(
    ['&', '"', '<', '>', '💥', 'ﷺ', '\u{1d173}', 'a\u0301'].map((piece) =>
      piece.repeat(254 / Array.from(piece).length),
    ),
  )
  for (const { text } of cards) expect(new TextEncoder().encode(text).length).toBeLessThan(10_000)
})

describe('a name on a card', () => {
  it.each([
    '<script>alert(1)</script>',
    '</text></svg><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
    ']]><![CDATA[',
    '&lt;b&gt; &amp; &#0; &nope;',
    `" onload='alert(1)`,
    'constructor',
    '__proto__',
  ])('%s is escaped', async (name) => {
    const card = await cardOf(name)
    expect(nameIn(card)).toBe(name)
    expect(card.document.getElementsByTagName('script')).toHaveLength(0)
  })

  it.each([
    ['long words', 'Wolfeschlegelsteinhausenbergerdorff '.repeat(7).trim(), 20, 35],
    ['wide letters', 'W'.repeat(254), 15, 25],
    ['narrow letters', 'i'.repeat(254), 40, 60],
    ['Japanese', '山'.repeat(254), 15, 22],
    ['ligatures of whole sentences', '﷽'.repeat(254), 2, 2],
    ['emoji of families', '👩‍👩‍👧‍👦'.repeat(36), 12, 18],
    ['Arabic', 'محمد'.repeat(60), 28, 45],
    ['Devanagari', 'क्षि'.repeat(60), 5, 45],
  ])('is cut at the width of the card if it is %s', async (_, name, least, most) => {
    const { heading } = await cardOf(name)
    const kept = graphemes(heading)
    expect(kept.at(-1)).toBe('…')
    expect(kept.length).toBeGreaterThanOrEqual(least)
    expect(kept.length).toBeLessThanOrEqual(most)
    expect(graphemes(name).slice(0, kept.length - 1)).toEqual(kept.slice(0, -1))
  })

  it('is shown whole if it fits, in any script, with emoji and with marks', async () => {
    const names = [
      'Ana',
      '山田太郎',
      'محمد الأنصاري',
      'בנימין בן־שלמה',
      'श्रीमती लक्ष्मी',
      'Nguyễn',
      '👩🏽‍🚀 Zoë',
      'שָׁלוֹם',
    ]
    const cards = await cardsOf(names)
    expect(cards.map(({ heading }) => heading)).toEqual(names)
  })

  it.each([
    ['Hebrew', 'אברהם '.repeat(12).trim()],
    ['Arabic', 'محمد '.repeat(12).trim()],
    ['Latin', 'Wolfeschlegel '.repeat(6).trim()],
  ])('in %s that takes all of its room is clipped at its end, not at its start', async (script, name) => {
    await cardsOf([name])
    for (const language of ['en', 'ar']) {
      const { document } = await readCard(`/v1/users/1/card.svg?variant=compact&lang=${language}`)
      const frame = Array.from(document.getElementsByTagName('svg'))[1]
      const text = frame?.getElementsByTagName('text')[0]
      const isRightToLeft = script !== 'Latin'
      expect(text?.getAttribute('x')).toBe(isRightToLeft ? frame?.getAttribute('width') : null)
      expect(text?.getAttribute('text-anchor')).toBe(isRightToLeft === (language === 'ar') ? null : 'end')
    }
  })

  it('keeps at most four marks on a letter', async () => {
    const { heading } = await cardOf(`Z${'\u0301'.repeat(100)}algo${'\u0336\u0489'.repeat(50)}`)
    expect(heading).toBe(`Z${'\u0301'.repeat(4)}algo\u0336\u0489\u0336\u0489`)
  })

  it('does not change the direction of other text on the card', async () => {
    const { heading, text } = await cardOf('\u202ecod.exe\u2069\u2069 \u2066x')
    expect(heading).toBe('cod.exe x')
    expect(text.match(/[\u202a-\u202e\u2066-\u2069]/g)).toEqual(['\u2068', '\u2069', '\u2068', '\u2069'])
  })

  it('is replaced with the ID if it is blank', async () => {
    const whiteSpace = ['   ', '\u00a0\u3000', '\u2028']
    const ignored = ['\u200b\u200d', '\u00ad', '\u034f', '\u2060', '\ufeff', '\u{e0001}', '\u{e0100}']
    const ignoredLetters = ['\u115f', '\u1160', '\u3164', '\uffa0', '\u17b4', '\u180e', '\ufe0f', '\u{1d173}']
    const blanks = ['\u2800', '\ufffc', '\u{1d159}', '\u{13441}', '\u{13442}', '\u3164 \u2800\u115f']
    const others = ['\u0301', '\ufffe\uffff']
    const names = [whiteSpace, ignored, ignoredLetters, blanks, others].flat()
    const cards = await cardsOf(names)
    expect(cards.map(({ heading }) => heading)).toEqual(names.map((_, index) => `Contributor ${index + 1}`))
  })

  it('has runs of blanks reduced to one space, and blanks at its start removed', async () => {
    const names = [
      `x${' \u200b'.repeat(100)}admin`,
      `${'\u3164'.repeat(200)}admin`,
      `${'\u2800'.repeat(100)}a${'\u2800'.repeat(100)}b\u2800`,
      `\u2060\u200d ana`,
      '❤️ Ana 👨‍👩‍👧 نیم‌فاصله',
    ]
    const cards = await cardsOf(names)
    expect(cards.map(({ heading }) => heading)).toEqual([
      'x admin',
      'admin',
      'a b',
      'ana',
      '❤️ Ana 👨‍👩‍👧 نیم‌فاصله',
    ])
  })
})
