/** How long a restored page may take to reach its earlier height. */
const patienceMilliseconds = 5000

/** How long scrolling must pause before the position is saved. */
const pauseMilliseconds = 100

/** Events that show that the reader is scrolling, which ends a restore. */
const gestures = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const

/** The scroll position saved in a history entry. */
interface Place {
  scrollY?: number
}

const notePlace = (): void => history.replaceState({ ...(history.state as Place | null), scrollY }, '')

/**
 * Scrolls to a position, again whenever the page's height changes, until the reader scrolls or 5 s have passed. Then
 * calls `onEnd`. Returns a function that ends it early.
 */
const restorePlace = (top: number, onEnd: () => void): (() => void) => {
  const show = (): void => scrollTo({ top, behavior: 'instant' })
  const observer = new ResizeObserver(show)
  const end = (): void => {
    observer.disconnect()
    clearTimeout(timer)
    for (const gesture of gestures) removeEventListener(gesture, end)
    onEnd()
  }
  const timer = setTimeout(end, patienceMilliseconds)
  for (const gesture of gestures) addEventListener(gesture, end, { passive: true })
  observer.observe(document.body)
  show()
  return end
}

/**
 * Saves and restores the scroll position of each history entry. Browsers would restore it too early, because a page is
 * shorter for a moment while it reloads its lists. Returns functions to call before and after the address changes.
 */
export const keepScroll = (): { leave: () => void; arrive: () => void; stop: () => void } => {
  let endRestoring: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const onScroll = (): void => {
    clearTimeout(timer)
    if (endRestoring === undefined) timer = setTimeout(notePlace, pauseMilliseconds)
  }
  const arrive = (): void => {
    clearTimeout(timer)
    endRestoring?.()
    const { scrollY: top } = (history.state ?? {}) as Place
    if (top !== undefined) endRestoring = restorePlace(top, () => (endRestoring = undefined))
  }
  history.scrollRestoration = 'manual'
  addEventListener('scroll', onScroll, { passive: true })
  return {
    leave: () => {
      clearTimeout(timer)
      endRestoring?.()
      notePlace()
    },
    arrive,
    stop: () => {
      clearTimeout(timer)
      endRestoring?.()
      removeEventListener('scroll', onScroll)
    },
  }
}
