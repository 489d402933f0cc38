/** Moves the focus to a part of the page, without scrolling. A part that takes no focus otherwise takes it until it loses it. */
export const focusPart = (part: HTMLElement): void => {
  if (part.tabIndex < 0 && !part.hasAttribute('tabindex')) {
    part.tabIndex = -1
    part.addEventListener('blur', () => part.removeAttribute('tabindex'), { once: true })
  }
  part.focus({ preventScroll: true })
}

/** Parts of a page that have a name, so that a screen reader says where the focus has moved, and the main part. */
const namedParts = '[aria-label], [aria-labelledby], main'

const ancestorsOf = (element: HTMLElement): HTMLElement[] =>
  element.parentElement ? [element.parentElement, ...ancestorsOf(element.parentElement)] : []

/** Where the focus goes when an element has been removed: its successor with the same ID, or what remains around it. */
const placeOf = (removed: HTMLElement, ancestors: readonly HTMLElement[]): HTMLElement | null | undefined =>
  (removed.isConnected ? removed : document.getElementById(removed.id)) ??
  ancestors.find((ancestor) => ancestor.isConnected && ancestor.matches(namedParts))

/**
 * Keeps the place of the keyboard in the page: when the focused element is removed or moved, as while a list loads, the
 * focus would fall to the body. The focus of readers who left the element themselves is not moved. Returns a function that
 * ends it.
 */
export const keepFocus = (): (() => void) => {
  let focused: HTMLElement | undefined
  let ancestors: HTMLElement[] = []
  const restore = (records: readonly MutationRecord[]): void => {
    const left = focused
    if (!left || document.activeElement !== document.body) return
    if (!records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(left)))) return
    const place = placeOf(left, ancestors)
    if (place) focusPart(place)
  }
  const observer = new MutationObserver(restore)
  const enter = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return
    focused = target
    ancestors = ancestorsOf(target)
  }
  const leave = ({ target }: FocusEvent): void => {
    // Chromium sends the event during a removal too, before the element is disconnected. When a reader leaves it, this runs
    // before the element's own handlers, which may remove it.
    queueMicrotask(() => {
      restore(observer.takeRecords())
      const isLeft = focused === target && focused.isConnected && document.activeElement !== focused
      if (isLeft) focused = undefined
    })
  }
  observer.observe(document.body, { childList: true, subtree: true })
  document.addEventListener('focusin', enter)
  document.addEventListener('blur', leave, { capture: true })
  return () => {
    observer.disconnect()
    document.removeEventListener('focusin', enter)
    document.removeEventListener('blur', leave, { capture: true })
  }
}
