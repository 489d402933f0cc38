import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accentColors, contrastOf, textContrastMin, textGrounds } from '../../src/definitions/colors.ts'
import { logoIssue } from '../../src/definitions/logo.ts'

const hex = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

const readable = (ground: string) => hex.filter((color) => contrastOf(color, ground) >= textContrastMin)

describe('a site’s accent', () => {
  it('gives text that can be read on every background of a page, whatever the colour', () => {
    const accent = fc.record({ light: readable(textGrounds.light), dark: readable(textGrounds.dark) })
    fc.assert(
      fc.property(accent, (chosen) => {
        const { accent: text, 'accent-strong': strong, 'accent-soft': soft } = accentColors(chosen)
        for (const [theme, ground, on] of [
          [0, textGrounds.light, '#ffffff'],
          [1, textGrounds.dark, '#0d1a13'],
        ] as const) {
          const pairs = {
            text: [text, ground],
            strong: [strong, ground],
            badge: [strong, soft[theme]],
            button: [text, on],
          }
          for (const [name, [color, behind]] of Object.entries(pairs))
            expect([name, contrastOf(color?.[theme] ?? '', String(behind))]).toEqual([
              name,
              expect.toSatisfy((contrast: number) => contrast >= textContrastMin),
            ])
        }
      }),
    )
  })
})

describe('logoIssue', () => {
  const svg = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${content}</svg>`

  it('accepts a drawing, with a declaration, comments, gradients and styles', () => {
    const drawing = svg(
      '<style>@media(prefers-color-scheme:dark){path{fill:#fff}}</style><linearGradient id="a"/><path fill="url(#a)" d="M0 0h8"/><use href="#b"/>',
    )
    expect(logoIssue(drawing)).toBeUndefined()
    expect(logoIssue(`<?xml version="1.0"?>\n<!-- Ours -->\n${drawing}`)).toBeUndefined()
  })

  it.each([
    ['<script>alert(1)</script>', 'a script or another document'],
    ['<svg:script href="#a"/>', 'a script or another document'],
    ['<foreignObject><p/></foreignObject>', 'a script or another document'],
    ['<path onload="alert(1)"/>', 'an event handler'],
    ['<path d="M0 0"onclick=alert(1)/>', 'an event handler'],
    ['<image href="https://elsewhere.example/a.png"/>', 'a link'],
    ['<a xlink:href="javascript:alert(1)"/>', 'a link'],
    ['<style>path{fill:url(https://elsewhere.example)}</style>', 'a reference to another file'],
    ['<style>@import "a.css"</style>', 'a reference to another file'],
  ])('refuses %s', (content, what) => {
    expect(logoIssue(svg(content))).toBe(`use a drawing without ${what}`)
  })

  it('refuses entities, a file without a drawing, one without a viewBox, and a large one', () => {
    expect(logoIssue(`<!DOCTYPE svg [<!ENTITY a "b">]>${svg('')}`)).toBe(
      'use an SVG file whose svg element has a viewBox',
    )
    expect(logoIssue('<html></html>')).toBe('use an SVG file whose svg element has a viewBox')
    expect(logoIssue('<svg width="8" height="8"></svg>')).toBe(
      'use an SVG file whose svg element has a viewBox',
    )
    expect(logoIssue(svg(' '.repeat(32 * 1024)))).toBe('use a file of at most 32 KB')
  })
})
