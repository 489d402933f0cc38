import type { MouseEventHandler, SubmitEventHandler } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** The page's state in its address, and the handlers for the page's root that let links and forms change it. */
export interface Address {
  search: string
  /** Navigates to another address of this page. */
  go: (address: string) => void
  root: {
    onClick: MouseEventHandler<HTMLElement>
    onSubmit: SubmitEventHandler<HTMLElement>
  }
}

const isPlain = ({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey

/** Scrolls to a part of the page if it starts above the visible area. */
const showPart = (hash: string): void => {
  const part = hash === '' ? null : document.querySelector(hash)
  if (part && part.getBoundingClientRect().top < 0) part.scrollIntoView()
}

const isHere = (address: URL): boolean =>
  address.origin === location.origin && address.pathname === location.pathname

/**
 * Makes the page's own links and GET forms change its state in place, and in the browser's history. Without JavaScript
 * they reload the page, with the same result. `canonical` returns the canonical address for a query.
 */
export const useAddress = (initial: string, canonical: (search: string) => string): Address => {
  const [search, setSearch] = useState(initial)
  useEffect(() => {
    const update = (): void => setSearch(location.search)
    addEventListener('popstate', update)
    return () => removeEventListener('popstate', update)
  }, [])
  const go = (target: string): void => {
    const address = canonical(new URL(target, location.href).search)
    if (address !== location.pathname + location.search) history.pushState(null, '', address)
    setSearch(location.search)
  }
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || !isPlain(event) || event.defaultPrevented || link.hasAttribute('download')) return
    if (!isHere(new URL(link.href))) return
    event.preventDefault()
    go(link.search)
    showPart(link.hash)
  }
  const onSubmit = (event: SubmitEvent): void => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !isHere(new URL(form.action))) return
    event.preventDefault()
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.set(name, value)
    go(`?${fields.toString()}`)
  }
  return { search, go, root: { onClick, onSubmit } }
}
