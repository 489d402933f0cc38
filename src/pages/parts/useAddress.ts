import type { MouseEventHandler, SubmitEventHandler } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { focusPart, keepFocus } from './keepFocus.ts'
import { keepScroll } from './keepScroll.ts'

/** The state in the page's address, and the handlers for the page's root element with which links and forms change it. */
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

/**
 * Scrolls to a part of the page unless it starts in the upper three quarters of the visible area. The focus moves there,
 * unless it is there already.
 */
const showPart = (hash: string): void => {
  const part = hash === '' ? null : document.querySelector<HTMLElement>(hash)
  if (!part) return
  const { top } = part.getBoundingClientRect()
  if (top < 0 || top > innerHeight * 0.75) part.scrollIntoView()
  if (!part.contains(document.activeElement)) focusPart(part)
}

const isHere = (address: URL): boolean =>
  address.origin === location.origin && address.pathname === location.pathname

/**
 * Makes links and GET forms that point to this page change its state in place, with an entry in the browser's history.
 * Without JavaScript they reload the page, with the same result. `canonical` returns the canonical address for a query.
 */
export const useAddress = (initial: string, canonical: (search: string) => string): Address => {
  const [search, setSearch] = useState(initial)
  const scroll = useRef<ReturnType<typeof keepScroll>>(undefined)
  useEffect(() => {
    const kept = keepScroll()
    scroll.current = kept
    kept.arrive()
    const update = (): void => {
      setSearch(location.search)
      kept.arrive()
    }
    addEventListener('popstate', update)
    const stopKeepingFocus = keepFocus()
    return () => {
      stopKeepingFocus()
      removeEventListener('popstate', update)
      kept.stop()
    }
  }, [])
  const go = (target: string): void => {
    const { search: query, hash } = new URL(target, location.href)
    const address = canonical(query)
    if (address !== location.pathname + location.search) {
      scroll.current?.leave()
      history.pushState(null, '', address)
    }
    setSearch(location.search)
    showPart(hash)
  }
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || !isPlain(event) || event.defaultPrevented || link.hasAttribute('download')) return
    if (!isHere(new URL(link.href))) return
    event.preventDefault()
    go(link.href)
  }
  const onSubmit = (event: SubmitEvent): void => {
    const form = event.target
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !isHere(new URL(form.action))) return
    event.preventDefault()
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.set(name, value)
    go(`?${fields.toString()}${new URL(form.action).hash}`)
  }
  return { search, go, root: { onClick, onSubmit } }
}
