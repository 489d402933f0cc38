import { render, type VNode } from 'preact'
import { Copy } from '../parts/Copy.tsx'
import { loadTexts } from '../parts/Island.tsx'
import { placeholderOrigin } from '../parts/origin.ts'
import { TextsContext } from '../texts/texts.ts'
import { chooseLanguage } from './reference/chooseLanguage.ts'
import { copyAddresses } from './reference/copyAddresses.ts'
import { followScroll } from './reference/followScroll.ts'
import { openTarget } from './reference/openTarget.ts'
import { Search } from './reference/Search.tsx'

/*
 * Adds this site's address, copy buttons and a search field to the API reference and the guides, marks the visible
 * section in the table of contents, and opens what a link leads to. Without JavaScript the pages are still complete.
 */

const texts = await loadTexts()

/** Renders a control into a place that the page has for it. Its words are in the reader's language, unlike those around it. */
const renderInto = (place: HTMLElement, control: VNode): void => {
  place.lang = texts.language
  render(<TextsContext.Provider value={texts}>{control}</TextsContext.Provider>, place)
}

/** Replaces the placeholder in all text of an element, without changing its markup. */
const fillOrigin = (element: Element): void => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode as Text
    if (text.data.includes(placeholderOrigin))
      text.data = text.data.replaceAll(placeholderOrigin, location.origin)
  }
}

/** The visible sample of a block: its only one, or the one in the chosen language. */
const shownText = (block: Element): string => {
  const samples = [...block.querySelectorAll<HTMLElement>('pre')]
  return (samples.find((sample) => sample.offsetParent !== null) ?? samples[0])?.textContent ?? ''
}

for (const code of document.querySelectorAll('.code code')) fillOrigin(code)
for (const place of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const block = place.closest('.code')
  if (!block) continue
  renderInto(place, <Copy name={place.dataset['copy'] ?? ''} text={() => shownText(block)} />)
}
const contents = document.querySelector<HTMLElement>('.contents')
const place = contents?.querySelector<HTMLElement>('[data-search]')
/** Where the table of contents stands beside the text (styles/reference.css). */
const wide = matchMedia('(min-width: 62rem)')
if (contents && place) {
  const fold = contents.querySelector('details')
  if (fold && wide.matches) fold.open = true
  renderInto(place, <Search contents={contents} />)
  followScroll(contents)
}
copyAddresses(texts)
chooseLanguage()
openTarget()
