import { createContext, type ComponentChild, type ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import { givenName } from '../../cards/names.ts'
import type { Profile } from '../../contributions/user.ts'
import {
  boards,
  definitions,
  metrics,
  typeDefinition,
  type ContributionType,
} from '../../definitions/definitions.ts'
import { languages, writtenIn, type Language } from '../../definitions/languages.ts'
import type { Catalogue, PlainKey, PlainValues, RichValues, TextKey, Values } from './message.ts'

/* What turns a catalogue into text, on the server and in a browser. It imports no catalogue: a browser loads one language. */

/** The texts of one page, in the language of its reader. */
export interface Texts {
  /** A language tag (BCP 47) for Intl and `<html lang>`, such as "de-AT". */
  language: string
  /** The language that the page's address asks for, if it does. */
  chosen: Language | undefined
  text: <Key extends PlainKey>(key: Key, ...values: Values<PlainValues<Key>>) => string
  /** A text with elements among its values, or with marked parts. */
  rich: <Key extends TextKey>(key: Key, ...values: Values<RichValues<Key>>) => ComponentChildren
  /** What the site calls a type, a board or a metric. Throws if there is none. */
  type: (type: ContributionType) => { title: string; one: string; many: string }
  board: (board: string) => { title: string; description: string }
  metric: (metric: string) => { title: string; description: string }
  /** The name of a user: the display name, the username, or "Contributor 42". */
  person: (user: Profile) => string
  /** The address of another page of this site, which keeps the chosen language. */
  link: (path: string) => string
}

/** A value, or a part of a sentence. */
const pattern = /\{(\w+)\}|<(\w+)>(.*?)<\/\2>/g

/** The pieces of a message with its values filled in. */
const fill = <Piece>(
  message: string,
  valueOf: (name: string) => Piece,
  mark: (name: string, part: (Piece | string)[]) => Piece,
): (Piece | string)[] => {
  const pieces: (Piece | string)[] = []
  let end = 0
  for (const { 0: whole, 1: name, 2: tag = '', 3: part = '', index } of message.matchAll(pattern)) {
    if (index > end) pieces.push(message.slice(end, index))
    pieces.push(name === undefined ? mark(tag, fill(part, valueOf, mark)) : valueOf(name))
    end = index + whole.length
  }
  if (end < message.length) pieces.push(message.slice(end))
  return pieces
}

type Mark = (part: ComponentChildren) => ComponentChild

const boardsByName = new Map(boards.map((board) => [board.board, board]))
const metricsByName = new Map(metrics.map((metric) => [metric.metric, metric]))

const missing = (name: string): never => {
  throw new Error(`No such leaderboard or metric: ${name}`)
}

/** The language that a page's address asks for with `lang`; undefined for none, and for one that no page is written in. */
export const chosenLanguage = (search: string): Language | undefined => {
  const asked = new URLSearchParams(search).get('lang')
  return languages.find((language) => language === asked)
}

/** A path of this site in a language; its fragment stays. */
export const withLanguage = (path: string, language: Language): string => {
  const { pathname, searchParams, hash } = new URL(path, 'https://this-site.example')
  searchParams.set('lang', language)
  return `${pathname}?${searchParams.toString()}${hash}`
}

/** The texts of a catalogue, with the numbers and plural forms of a language tag. */
export const textsFor = (language: string, catalogue: Catalogue, chosen: Language | undefined): Texts => {
  const numbers = new Intl.NumberFormat(language)
  const words = definitions.translations?.[writtenIn(language) ?? definitions.site.language]
  const plurals = new Intl.PluralRules(language)
  const formOf = (key: TextKey, count: unknown): string => {
    const message = catalogue[key]
    return typeof message === 'string' ? message : (message[plurals.select(Number(count))] ?? message.other)
  }
  const text = (key: TextKey, values: Record<string, string | number> = {}): string => {
    const valueOf = (name: string): string => {
      const value = values[name] ?? ''
      return typeof value === 'number' ? numbers.format(value) : value
    }
    return fill(formOf(key, values['count']), valueOf, (_, part) => part.join('')).join('')
  }
  const rich = (key: TextKey, values: Record<string, ComponentChild | Mark> = {}): ComponentChildren => {
    const valueOf = (name: string): ComponentChild => {
      const value = values[name]
      if (typeof value === 'number') return numbers.format(value)
      return typeof value === 'function' ? undefined : value
    }
    const mark = (name: string, part: ComponentChild[]): ComponentChild => {
      const wrap = values[name]
      return typeof wrap === 'function' ? wrap(part) : undefined
    }
    return fill<ComponentChild>(formOf(key, values['count']), valueOf, mark)
  }
  return {
    language,
    chosen,
    text,
    rich,
    type: (name) => ({ ...typeDefinition(name), ...words?.types?.[name] }),
    board: (name) => ({ ...(boardsByName.get(name) ?? missing(name)), ...words?.leaderboards?.[name] }),
    metric: (name) => ({ ...(metricsByName.get(name) ?? missing(name)), ...words?.metrics?.[name] }),
    person: (user) => givenName(user) ?? text('person.unnamed', { id: String(user.id) }),
    link: (path) => (chosen === undefined ? path : withLanguage(path, chosen)),
  }
}

/** The module that has the catalogue of a page's language, for its scripts. */
export const assetOf = (languageTag: string): string =>
  `/assets/texts-${writtenIn(languageTag) ?? definitions.site.language}.js`

/** The texts of the page that a component is on: the Layout on the server, and the island in a browser, provide them. */
export const TextsContext = createContext<Texts | undefined>(undefined)

/** The texts of the page. */
export const useTexts = (): Texts => {
  const texts = useContext(TextsContext)
  if (texts === undefined) throw new Error('This component is not within a page')
  return texts
}
