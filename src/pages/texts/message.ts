import type { ComponentChild, ComponentChildren } from 'preact'
import type { en } from './en.ts'

/* What TypeScript knows of a text by its key: its values, and its marked parts. */

/** Forms of a text by the plural category of `count` (CLDR). Every language has `other`. */
type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>

/** A text, or its forms. */
export type Message = string | Forms

/** The English catalogue: its keys and placeholders are those of every language. */
type English = typeof en

/** The name of a text. */
export type TextKey = keyof English

/** All texts of a language. */
export type Catalogue = Readonly<Record<TextKey, Message>>

/** A message's text, or the union of its forms. */
type FormsOf<Key extends TextKey> = English[Key] extends string
  ? English[Key]
  : English[Key][keyof English[Key]]

type PlaceholdersIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never

type TagsIn<Text> = Text extends `${string}</${infer Name}>${infer Rest}` ? Name | TagsIn<Rest> : never

type CountOf<Key extends TextKey> = English[Key] extends string ? never : 'count'

/** The keys whose text has no marked part, so that it is a string. */
export type PlainKey = { [Key in TextKey]: TagsIn<FormsOf<Key>> extends never ? Key : never }[TextKey]

/** What `text` takes for a key. */
export type PlainValues<Key extends TextKey> = Record<PlaceholdersIn<FormsOf<Key>>, string | number> &
  Record<CountOf<Key>, number>

/** What `rich` takes for a key. */
export type RichValues<Key extends TextKey> = Record<PlaceholdersIn<FormsOf<Key>>, ComponentChild> &
  Record<CountOf<Key>, number> &
  Record<TagsIn<FormsOf<Key>>, (part: ComponentChildren) => ComponentChild>

/** A text without placeholders takes no values. */
export type Values<All> = keyof All extends never ? [] : [values: All]
