import type { Theme } from '../../cards/themes.ts'

/** What stands for a user elsewhere: a site's origin, the user's id and name, and the theme of the card. */
export interface Embedded {
  origin: string
  id: number
  name: string
  theme: Theme
}

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** Every ASCII punctuation character may be escaped (CommonMark 0.31.2 section 2.4). */
const escapeMarkdown = (text: string): string => text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`)

const altOf = ({ name }: Embedded): string => `Contributions of ${name}`

const profileOf = ({ origin, id }: Embedded): string => `${origin}/users/${id}`

/** The path of a user's card; `auto` follows the reader's colour scheme. */
export const cardPath = ({ id, theme }: Pick<Embedded, 'id' | 'theme'>): string =>
  `/v1/users/${id}/card.svg${theme === 'auto' ? '' : `?theme=${theme}`}`

const badgeAddress = ({ origin, id }: Embedded): string => {
  const endpoint = new URLSearchParams({ url: `${origin}/v1/users/${id}/badge.json` })
  return `https://img.shields.io/endpoint?${endpoint.toString()}`
}

const html = (embedded: Embedded, image: string): string =>
  `<a href="${profileOf(embedded)}"><img src="${escapeHtml(image)}" alt="${escapeHtml(altOf(embedded))}"></a>`

const markdown = (embedded: Embedded, image: string): string =>
  `[![${escapeMarkdown(altOf(embedded))}](${image})](${profileOf(embedded)})`

/** The codes that put a user's card and badge into other pages, each with what it is for. */
export const codesOf = (embedded: Embedded): { name: string; code: string }[] => {
  const card = embedded.origin + cardPath(embedded)
  const badge = badgeAddress(embedded)
  return [
    { name: 'Card, HTML', code: html(embedded, card) },
    { name: 'Card, Markdown', code: markdown(embedded, card) },
    { name: 'Badge, HTML', code: html(embedded, badge) },
    { name: 'Badge, Markdown', code: markdown(embedded, badge) },
  ]
}
