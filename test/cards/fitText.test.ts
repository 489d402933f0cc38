import { expect, it } from 'vitest'
import { boldFactor, fitText, widthOf } from '../../src/cards/fitText.ts'

/** The widths of glyphs in DejaVu Sans Bold, in thousandths of an em. */
const advances = {
  343: 'ijl',
  348: ' ',
  372: 'IJ',
  380: '.,',
  478: 't',
  493: 'r',
  595: 's',
  678: 'e',
  687: 'o',
  696: '0123456789',
  712: 'nhu',
  716: 'bdgpq',
  734: 'C',
  850: 'OQ',
  924: 'w',
  995: 'M',
  1042: 'm',
  1103: 'W',
}

it('no glyph is wider in DejaVu Sans Bold than estimated', () => {
  const wider = Object.entries(advances).flatMap(([width, glyphs]) =>
    Array.from(glyphs).filter((glyph) => Number(width) / 1000 > widthOf(glyph) * boldFactor),
  )
  expect(wider).toEqual([])
})

it('chooses the largest size at which a text fits, and truncates it if the smallest does not fit', () => {
  const name = 'Contributor 108329'
  expect(fitText(name, 20 * widthOf(name), 18, 13)).toEqual({ text: name, size: 18 })
  const { text, size } = fitText(name, 15 * widthOf(name), 18, 13)
  expect([text, size >= 14.9 && size <= 15]).toEqual([name, true])
  const cut = fitText(name, 12 * widthOf(name), 18, 13)
  expect([cut.size, name.startsWith(cut.text.slice(0, -1)), cut.text.at(-1)]).toEqual([13, true, '…'])
  expect(13 * widthOf(cut.text)).toBeLessThanOrEqual(12 * widthOf(name))
})
