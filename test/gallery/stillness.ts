import { setTimeout as pause } from 'node:timers/promises'
import type { Page, Request } from 'playwright-core'

/** How long no request may have begun or ended: what has just come into view needs a moment to ask for its data. */
const quietMilliseconds = 300

/** How long a page may take. */
const patienceMilliseconds = 10_000

/** What is moving on a page, in a few words; empty if it is still. */
const movementOn = (tab: Page): Promise<string[]> =>
  tab.evaluate(async () => {
    const isSeen = (image: HTMLImageElement): boolean => image.getBoundingClientRect().top < innerHeight
    const images = [...document.images].filter((image) => image.loading !== 'lazy' || isSeen(image))
    // What cannot be shown does not decode either.
    const loaded = images.filter(({ complete }) => complete)
    await Promise.all(loaded.map((image) => image.decode().catch(() => undefined)))
    const busy = [...document.querySelectorAll('[aria-busy="true"]')]
    const loading = [...document.querySelectorAll('.waiting')].filter(({ textContent }) =>
      /^(?:Loading|Wird geladen)/.test(textContent),
    ).length
    // Two frames: one in which what was loaded is drawn, and the next, which shows that no other was waiting.
    for (const _ of [1, 2]) await new Promise((resolve) => requestAnimationFrame(resolve))
    return [
      ...(loaded.length < images.length ? [`${images.length - loaded.length} images`] : []),
      ...busy.map((part) => part.className || part.tagName),
      ...(loading > 0 ? [`"Loading" in ${loading} parts`] : []),
    ]
  })

/** Watches a tab. The function that it returns waits until the page is still, and returns what was not in the end. */
export const watchMovement = (tab: Page): (() => Promise<string[]>) => {
  const pending = new Set<Request>()
  let changedAt = performance.now()
  const began = (request: Request): void => {
    pending.add(request)
    changedAt = performance.now()
  }
  const ended = (request: Request): void => {
    pending.delete(request)
    changedAt = performance.now()
  }
  tab.on('request', began)
  tab.on('requestfinished', ended)
  tab.on('requestfailed', ended)
  const isQuiet = (): boolean => pending.size === 0 && performance.now() - changedAt >= quietMilliseconds
  return async () => {
    const until = performance.now() + patienceMilliseconds
    for (;;) {
      const isOver = performance.now() > until
      const moving =
        isQuiet() || isOver
          ? [...Array.from(pending, (request) => request.url()), ...(await movementOn(tab))]
          : undefined
      if (isOver || (moving?.length === 0 && isQuiet())) return moving ?? []
      await pause(50)
    }
  }
}
