import { render } from 'preact'
import { Copy } from '../parts/Copy.tsx'

/* The page is whole without script; with it, each text to copy has a button. */
for (const place of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const text = place.closest('.code')?.querySelector('pre')?.textContent
  if (text) render(<Copy name={place.dataset['copy'] ?? ''} text={text} />, place)
}
