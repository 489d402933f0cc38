import { renderToString } from 'preact-render-to-string'
import { createElement, Fragment, type ComponentChildren } from 'preact'
import { describe, expect, it } from 'vitest'
import { languages } from '../../src/definitions/languages.ts'
import { catalogueOf } from '../../src/pages/texts/catalogue.ts'
import { de } from '../../src/pages/texts/de.ts'
import { en } from '../../src/pages/texts/en.ts'
import type { Message, TextKey } from '../../src/pages/texts/message.ts'
import { textsFor } from '../../src/pages/texts/texts.ts'

const keys = Object.keys(en) as TextKey[]

/** The plural categories of a language for whole numbers. */
const categoriesOf = (language: string): Set<string> => {
  const rules = new Intl.PluralRules(language)
  return new Set(Array.from({ length: 200 }, (_, count) => rules.select(count)))
}

const formsOf = (message: Message): string[] =>
  typeof message === 'string' ? [message] : Object.values(message)

/** The names of a message's values and marked parts, each once. */
const namesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}|<(\w+)>/g)].map(([whole]) => whole))].sort()

describe('the catalogues', () => {
  it('German has every text of English, and no other', () => {
    expect(Object.keys(de).sort()).toEqual(keys.toSorted())
  })

  it.each(languages)('every key has a text in %s, with the forms that its plurals need', (language) => {
    const catalogue = catalogueOf(language)
    for (const key of keys) {
      const message = catalogue[key]
      for (const form of formsOf(message)) expect(form.trim(), key).not.toBe('')
      if (typeof message === 'string') continue
      for (const category of categoriesOf(language)) expect(message, key).toHaveProperty(category)
    }
  })

  it.each(languages)('every text in %s has the placeholders of the English one', (language) => {
    const catalogue = catalogueOf(language)
    for (const key of keys) {
      // A form for one thing may do without the number.
      const expected = namesIn(formsOf(en[key]).join(' '))
      expect([key, namesIn(formsOf(catalogue[key]).join(' '))]).toEqual([key, expected])
    }
  })

  it('no German sentence ends with a day: “26. Nov.” has a full stop of its own', () => {
    for (const [key, message] of Object.entries(de))
      for (const form of formsOf(message))
        expect([key, form]).not.toEqual([key, expect.stringContaining('{day}.')])
  })

  it('the log has one name in German, “Protokoll”; the Worker has logs of another kind', () => {
    for (const [key, message] of Object.entries(de))
      for (const form of formsOf(message))
        expect([key, form]).not.toEqual([key, expect.stringMatching(/\bLog\b/)])
  })

  it.each(languages)('every marked part in %s ends', (language) => {
    for (const [key, message] of Object.entries(catalogueOf(language))) {
      for (const form of formsOf(message)) {
        const rest = form.replaceAll(/<(\w+)>(.*?)<\/\1>/g, '$2').replaceAll(/\{\w+\}/g, '')
        expect([key, rest]).toEqual([key, expect.not.stringMatching(/[<>{}]/)])
      }
    }
  })
})

describe('textsFor', () => {
  const english = textsFor('en-GB', catalogueOf('en'), undefined)
  const german = textsFor('de-DE', catalogueOf('de'), 'de')
  const html = (children: ComponentChildren): string =>
    renderToString(createElement(Fragment, null, children))

  it('fills in values, with numbers as the language writes them', () => {
    expect(english.text('zone.own', { zone: 'Asia/Tokyo' })).toBe('Asia/Tokyo (yours)')
    expect(english.text('contributions', { count: 1 })).toBe('1 contribution')
    expect(english.text('contributions', { count: 12_345 })).toBe('12,345 contributions')
    expect(german.text('contributions', { count: 12_345 })).toBe('12.345 Beiträge')
    expect(english.text('window.in.days', { count: 1 })).toBe('last day')
  })

  it('never reads a value as a text of its own', () => {
    expect(english.text('zone.own', { zone: '{zone} <b>$&</b>' })).toBe('{zone} <b>$&</b> (yours)')
  })

  it('rich wraps the marked part of a sentence, in the order of the language', () => {
    const hidden = (part: ComponentChildren) => createElement('i', null, part)
    expect(html(english.rich('copy.button', { name: 'A & B', hidden }))).toBe('Copy<i> A &amp; B</i>')
    expect(html(german.rich('copy.button', { name: 'A', hidden }))).toBe('Kopieren<i>: A</i>')
  })

  it('link keeps a chosen language, and the rest of the address', () => {
    expect(english.link('/users/7?window=30d#ranks')).toBe('/users/7?window=30d#ranks')
    expect(german.link('/users/7?window=30d#ranks')).toBe('/users/7?window=30d&lang=de#ranks')
    expect(german.link('/?lang=en')).toBe('/?lang=de')
  })
})
