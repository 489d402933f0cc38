/** How long a page that is restored may take until it is as long as it was. */
const patienceMilliseconds = 5000

/** How long scrolling must pause before its place is noted. */
const pauseMilliseconds = 100

/** The reader decides from now on where the page stands. */
const gestures = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const

/** The place of an entry of the browser's history. */
interface Place {
  scrollY?: number
}

const notePlace = (): void => history.replaceState({ ...(history.state as Place | null), scrollY }, '')

/** Scrolls to a place whenever the page has grown or shrunk, until a gesture or the end of patience; then calls `onEnd`. */
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
 * Keeps the place at which each entry of the browser's history stands, because a page that loads its lists again is shorter
 * for a moment, and a browser would restore too early. Returns functions to call before and after the address changes.
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
