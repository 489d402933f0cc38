import type { MouseEventHandler, SubmitEventHandler } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** An address that is the page's state, and what must be put on the page's root so that links and forms change it. */
export interface Address {
  search: string
  /** Goes to an address of this page. */
  go: (address: string) => void
  root: {
    onClick: MouseEventHandler<HTMLElement>
    onSubmit: SubmitEventHandler<HTMLElement>
  }
}

const isPlain = ({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey

/** Brings a part of the page into view that lies above it. */
const showPart = (hash: string): void => {
  const part = hash === '' ? null : document.querySelector(hash)
  if (part && part.getBoundingClientRect().top < 0) part.scrollIntoView()
}

const isHere = (address: URL): boolean =>
  address.origin === location.origin && address.pathname === location.pathname

/**
 * Makes the page's own links and GET forms change its state in place, in the browser's history; without script they
 * load the page again, with the same result. `canonical` gives the address of what a query asks for.
 */
export const useAddress = (first: string, canonical: (search: string) => string): Address => {
  const [search, setSearch] = useState(first)
  useEffect(() => {
    const follow = (): void => setSearch(location.search)
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  const go = (wanted: string): void => {
    const address = canonical(new URL(wanted, location.href).search)
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
