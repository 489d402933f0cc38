import { useEffect, useRef, useState } from 'preact/hooks'
import {
  cardWidths,
  noticeHeight,
  themes,
  variants,
  type CardStyle,
  type Variant,
} from '../../cards/cardOptions.ts'
import type { Profile } from '../../contributions/user.ts'
import { definitions } from '../../definitions/definitions.ts'
import { cardLanguageNames, cardLanguages, writtenIn } from '../../definitions/languages.ts'
import { Choices } from '../parts/Choices.tsx'
import { Code } from '../parts/Code.tsx'
import { placeholderOrigin, useOrigin } from '../parts/origin.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { useTexts } from '../texts/texts.ts'
import { queryString, withoutDefaults } from '../parts/queryString.ts'
import { profileAddress, type ProfileState } from '../profile/profileState.ts'

/** Whose card and badge to embed, from which site, and their appearance. */
interface EmbedOptions extends CardStyle {
  origin: string
  id: number
  /** The alternative text of the image. */
  alternative: string
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

const profileOf = ({ origin, id }: EmbedOptions): string => `${origin}/users/${id}`

const defaults = { theme: 'auto', variant: 'standard', lang: definitions.site.language }

/** The path of a user's card. */
const cardPath = ({
  id,
  theme,
  variant,
  language: lang,
}: Omit<EmbedOptions, 'origin' | 'alternative'>): string =>
  `/v1/users/${id}/card.svg${queryString(withoutDefaults({ theme, variant, lang }, defaults))}`

const badgeAddress = ({ origin, id, language: lang }: EmbedOptions): string => {
  const badge = `${origin}/v1/users/${id}/badge.json${queryString(withoutDefaults({ lang }, defaults))}`
  return `https://img.shields.io/endpoint${queryString({ url: badge })}`
}

const html = (options: EmbedOptions, image: string): string =>
  `<a href="${profileOf(options)}"><img src="${escapeHtml(image)}" alt="${escapeHtml(options.alternative)}"></a>`

const markdown = (options: EmbedOptions, image: string): string =>
  `[![${escapeMarkdown(options.alternative)}](${image})](${profileOf(options)})`

/** The code that embeds a user's card and badge in other pages, with the text key of each name. */
export const embedCodes = (options: EmbedOptions) => {
  const card = options.origin + cardPath(options)
  const badge = badgeAddress(options)
  return [
    { key: 'embed.card-html', code: html(options, card) },
    { key: 'embed.card-markdown', code: markdown(options, card) },
    { key: 'embed.badge-html', code: html(options, badge) },
    { key: 'embed.badge-markdown', code: markdown(options, badge) },
  ] as const
}

interface EmbedProps {
  user: Profile
  state: ProfileState
}

/** The choices of the card's size, theme and language. */
const CardChoices = ({ user: { id }, state, language }: EmbedProps & Pick<CardStyle, 'language'>) => {
  const { text } = useTexts()
  const address = (change: Partial<ProfileState>): string =>
    `${profileAddress(id, { ...state, ...change })}#embed`
  return (
    <div class="controls">
      <Choices
        label={text('embed.variant')}
        choices={variants.map((variant) => ({
          name: text(`embed.variant.${variant}`),
          href: address({ variant }),
          isChosen: variant === state.variant,
        }))}
      />
      <Choices
        label={text('embed.theme')}
        choices={themes.map((theme) => ({
          name: text(`embed.theme.${theme}`),
          href: address({ theme }),
          isChosen: theme === state.theme,
        }))}
      />
      <Choices
        label={text('embed.language')}
        choices={cardLanguages.map((each) => ({
          name: <span lang={each}>{cardLanguageNames[each]}</span>,
          href: address({ cardLanguage: each }),
          isChosen: each === language,
        }))}
      />
    </div>
  )
}

/**
 * The address for another attempt to load an image. While a page is open, a browser reuses what it loaded from an address,
 * whatever the response's headers. Empty parameters make another address with the same meaning.
 */
const retryAddress = (path: string, retries: number): string =>
  retries === 0 ? path : `${path}${path.includes('?') ? '' : '?'}${'&'.repeat(retries)}`

interface CardImageProps {
  path: string
  variant: Variant
  alternative: string
}

/** The card, or a sentence in its place if it cannot be loaded, or has no numbers, as during an outage. */
const CardImage = ({ path, variant, alternative }: CardImageProps) => {
  const { text } = useTexts()
  const image = useRef<HTMLImageElement>(null)
  const [hasFailed, setFailed] = useState(false)
  const [retries, setRetries] = useState(0)
  const retry = (): void => {
    setFailed(false)
    setRetries(retries + 1)
  }
  const check = (): void => {
    if (image.current?.complete && image.current.naturalHeight <= noticeHeight) setFailed(true)
  }
  // It may have loaded or failed before this page had its script.
  useEffect(check, [])
  if (hasFailed)
    return (
      <p class="error-notice" role="status">
        {text('embed.failed')}{' '}
        <button type="button" onClick={retry}>
          {text('notice.retry-now')}
        </button>
      </p>
    )
  const card = (
    <img
      ref={image}
      class={`card card-${variant}`}
      src={retryAddress(path, retries)}
      alt={alternative}
      width={cardWidths[variant]}
      loading="lazy"
      onLoad={check}
      onError={() => setFailed(true)}
    />
  )
  if (variant !== 'wide') return card
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={alternative}>
      {card}
    </div>
  )
}

/** A user's card, and code to embed card and badge in other sites. */
export const Embed = ({ user, state }: EmbedProps) => {
  const { text, person, language: pageLanguage } = useTexts()
  const { id } = user
  const { theme, variant } = state
  const name = person(user)
  const language = state.cardLanguage ?? writtenIn(pageLanguage) ?? definitions.site.language
  const origin = useOrigin()
  const options = { origin, id, alternative: text('embed.alternative', { name }), theme, variant, language }
  const path = cardPath(options)
  return (
    <section class="panel" id="embed" aria-labelledby="embed-title">
      <PanelHead id="embed-title" title={text('embed.title')} note={text('embed.note')} />
      <CardChoices user={user} state={state} language={language} />
      <CardImage key={path} path={path} variant={variant} alternative={text('embed.card', { name })} />
      <noscript>
        <p class="soft">{text('origin.note', { origin: placeholderOrigin })}</p>
      </noscript>
      <div class="codes">
        {embedCodes(options).map(({ key, code }) => (
          <Code key={key} name={text(key)} code={code} />
        ))}
      </div>
    </section>
  )
}
