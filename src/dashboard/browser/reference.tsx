import { render } from 'preact'
import { Copy } from '../parts/Copy.tsx'
import { placeholderOrigin } from '../parts/origin.ts'

/* The page is whole without script; with it, each text to copy names this site and has a button. */
for (const place of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const code = place.closest('.code')?.querySelector('code')
  if (!code) continue
  const text = code.textContent.replaceAll(placeholderOrigin, location.origin)
  code.textContent = text
  render(<Copy name={place.dataset['copy'] ?? ''} text={text} />, place)
}
