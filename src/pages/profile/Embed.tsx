import { nameOf } from '../../cards/nameOf.ts'
import { themes, type Theme } from '../../cards/cardOptions.ts'
import type { Profile } from '../../contributions/user.ts'
import { Choices } from '../parts/Choices.tsx'
import { Code } from '../parts/Code.tsx'
import { placeholderOrigin, useOrigin } from '../parts/origin.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { useTexts } from '../texts/texts.ts'
import { profileAddress, type ProfileState } from './profileState.ts'

/** Whose card and badge to embed, from which Perennial, and in which theme. */
interface EmbedOptions {
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
const cardPath = ({ id, theme }: Pick<EmbedOptions, 'id' | 'theme'>): string =>
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

const themeNames = { light: 'Light', dark: 'Dark', auto: 'Match system' } as const

/** A user's card, and code to show card and badge on other sites. */
export const Embed = ({ user, state }: { user: Profile; state: ProfileState }) => {
  const { id } = user
  const { text } = useTexts()
  const origin = useOrigin()
  const options = { origin, id, name: nameOf(user), theme: state.theme }
  return (
    <section class="panel" id="embed" aria-labelledby="embed-title">
      <PanelHead
        id="embed-title"
        title="Card and badge"
        note="For a profile page or a README. They update automatically."
      />
      <Choices
        label="Card theme"
        choices={themes.map((theme) => ({
          name: themeNames[theme],
          href: `${profileAddress(id, { ...state, theme })}#embed`,
          isChosen: theme === state.theme,
        }))}
      />
      <img class="card" src={cardPath(options)} alt={`Contribution card of ${nameOf(user)}`} width={480} />
      <noscript>
        <p class="soft">{text('origin.note', { origin: placeholderOrigin })}</p>
      </noscript>
      <div class="codes">
        {embedCodes(options).map(({ name, code }) => (
          <Code key={name} name={name} code={code} />
        ))}
      </div>
    </section>
  )
}
