import type { Theme } from '../../cards/themes.ts'

/** Whose card and badge to embed, from which Perennial, and in which theme. */
export interface EmbedOptions {
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

/** Escapes all ASCII punctuation, which Markdown allows (CommonMark 0.31.2 section 2.4). */
const escapeMarkdown = (text: string): string => text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`)

const altOf = ({ name }: EmbedOptions): string => `Contributions of ${name}`

const profileOf = ({ origin, id }: EmbedOptions): string => `${origin}/users/${id}`

/** The path of a user's card. */
export const cardPath = ({ id, theme }: Pick<EmbedOptions, 'id' | 'theme'>): string =>
  `/v1/users/${id}/card.svg${theme === 'auto' ? '' : `?theme=${theme}`}`

const badgeAddress = ({ origin, id }: EmbedOptions): string => {
  const endpoint = new URLSearchParams({ url: `${origin}/v1/users/${id}/badge.json` })
  return `https://img.shields.io/endpoint?${endpoint.toString()}`
}

const html = (options: EmbedOptions, image: string): string =>
  `<a href="${profileOf(options)}"><img src="${escapeHtml(image)}" alt="${escapeHtml(altOf(options))}"></a>`

const markdown = (options: EmbedOptions, image: string): string =>
  `[![${escapeMarkdown(altOf(options))}](${image})](${profileOf(options)})`

/** The code that shows a user's card and badge on other pages, each with its name. */
export const embedCodes = (options: EmbedOptions): { name: string; code: string }[] => {
  const card = options.origin + cardPath(options)
  const badge = badgeAddress(options)
  return [
    { name: 'Card, HTML', code: html(options, card) },
    { name: 'Card, Markdown', code: markdown(options, card) },
    { name: 'Badge, HTML', code: html(options, badge) },
    { name: 'Badge, Markdown', code: markdown(options, badge) },
  ]
}
