import type { Language } from '../../definitions/languages.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import type { Catalogue } from './message.ts'

/*
 * The texts of the pages. To add one:
 *
 * 1. Add its key to en.ts and to de.ts, in the part of its page: `'<page>.<what it is>'`. TypeScript refuses a key that
 *    English or German lacks, and test/pages/texts.test.ts placeholders that differ.
 * 2. In a component:    const { text, rich } = useTexts()
 *        text('board.ranks', { first: 1, last: 20 })             a string
 *        rich('page.as-of', { time: <time>{…}</time> })         what may hold elements
 *    In a `show…` function or another one without hooks, take the `texts: Texts` that page() passes to it.
 *
 * `{name}` takes a value. Numbers are formatted for the language: pass them as numbers. `<name>…</name>` marks a part
 * of the sentence for `rich`, whose value is a function: { name: (part) => <a href="…">{part}</a> }. A text with forms
 * (`one`, `other`) selects one by its value `count`. A sentence is one text: never join pieces, whose order differs.
 *
 * The words of the site's own definitions come from `texts.type(type)`, `texts.board(board)` and `texts.metric(metric)`.
 * Links to other pages of this site go through `texts.link('/users/7')`, which keeps the language that a reader chose.
 *
 * A new language: its name in definitions/languages.ts, and a file here. What it lacks is shown in English.
 */

const translations: Readonly<Record<Language, Partial<Catalogue>>> = { en, de }

/** All texts of a language, in English where it has none. */
export const catalogueOf = (language: Language): Catalogue => ({ ...en, ...translations[language] })
