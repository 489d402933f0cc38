import { hydrate, type ComponentType } from 'preact'
import { useContext } from 'preact/hooks'
import { PictureOrigins } from './Person.tsx'
import { assetOf, chosenLanguage, TextsContext, textsFor, withLanguage, type Texts } from '../texts/texts.ts'
import { languages } from '../../definitions/languages.ts'
import type { Catalogue } from '../texts/message.ts'

const elementId = 'island'
const propsId = 'props'

interface IslandProps<Props> {
  Part: ComponentType<Props>
  props: Props
}

/** A part of a page that becomes interactive in the browser, with its props as JSON, in which every `<` is escaped. */
export const Island = <Props extends object>({ Part, props }: IslandProps<Props>) => {
  const origins = useContext(PictureOrigins)
  return (
    <>
      <div id={elementId} data-pictures={origins.join(' ') || undefined}>
        <Part {...props} />
      </div>
      <script
        id={propsId}
        type="application/json"
        dangerouslySetInnerHTML={{ __html: JSON.stringify(props).replaceAll('<', String.raw`\u003c`) }}
      />
    </>
  )
}

/** In a browser: loads the texts that the page was rendered with. */
export const loadTexts = async (): Promise<Texts> => {
  const { lang } = document.documentElement
  // The build generates these modules from the catalogues.
  const { catalogue } = (await import(assetOf(lang))) as { catalogue: Catalogue }
  return textsFor(lang, catalogue, chosenLanguage(location.search))
}

/** Updates the links to this page in other languages, because the page's address may have changed since it was loaded. */
const followAddress = (): void => {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) {
    const language = languages.find((each) => each === link.hreflang)
    if (!language) continue
    link.addEventListener('click', () => {
      link.href = withLanguage(location.pathname + location.search, language)
    })
  }
}

/** In a browser: hydrates the page's island with the props that it was rendered with, plus those in `more`. */
export const hydrateIsland = async <Props extends object>(
  Part: ComponentType<Props>,
  more: Partial<Props>,
): Promise<void> => {
  const element = document.querySelector<HTMLElement>(`#${elementId}`)
  const text = document.querySelector(`#${propsId}`)?.textContent
  if (!element || !text) throw new Error('Cannot find an island in this page')
  hydrate(
    <TextsContext.Provider value={await loadTexts()}>
      <PictureOrigins value={element.dataset['pictures']?.split(' ') ?? []}>
        <Part {...(JSON.parse(text) as Props)} {...more} />
      </PictureOrigins>
    </TextsContext.Provider>,
    element,
  )
  followAddress()
}
