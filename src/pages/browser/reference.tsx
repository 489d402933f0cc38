import { render } from 'preact'
import { Copy } from '../parts/Copy.tsx'
import { loadTexts } from '../parts/Island.tsx'
import { placeholderOrigin } from '../parts/origin.ts'
import { TextsContext } from '../texts/texts.ts'
import { copyAddresses } from './reference/copyAddresses.ts'
import { followScroll } from './reference/followScroll.ts'
import { Search } from './reference/Search.tsx'

/*
 * Adds this site's address, copy buttons and a search field to the API reference and the guides, and marks the visible
 * section in the table of contents. Without JavaScript the pages are still complete.
 */

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

const texts = await loadTexts()
for (const code of document.querySelectorAll('.code code')) fillOrigin(code)
for (const place of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const block = place.closest('.code')
  if (!block) continue
  render(
    <TextsContext.Provider value={texts}>
      <Copy name={place.dataset['copy'] ?? ''} text={() => shownText(block)} />
    </TextsContext.Provider>,
    place,
  )
}
const contents = document.querySelector<HTMLElement>('.contents')
const place = contents?.querySelector('[data-search]')
if (contents && place) {
  render(
    <TextsContext.Provider value={texts}>
      <Search contents={contents} />
    </TextsContext.Provider>,
    place,
  )
  followScroll(contents)
}
copyAddresses(texts)
