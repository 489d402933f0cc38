import { render } from 'preact'
import { Copy } from '../parts/Copy.tsx'
import { loadTexts } from '../parts/Island.tsx'
import { placeholderOrigin } from '../parts/origin.ts'
import { TextsContext } from '../texts/texts.ts'

/* Puts this site's address and a copy button into each code block. Without JavaScript the page is still complete. */
const texts = await loadTexts()
for (const place of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const code = place.closest('.code')?.querySelector('code')
  if (!code) continue
  const text = code.textContent.replaceAll(placeholderOrigin, location.origin)
  code.textContent = text
  render(
    <TextsContext.Provider value={texts}>
      <Copy name={place.dataset['copy'] ?? ''} text={text} />
    </TextsContext.Provider>,
    place,
  )
}
