import { targetOf } from './searchContents.ts'

/** A section counts as current once its top is less than this far below the top of the window. */
const marginPixels = 120

/** Scrolls the table of contents to a link if necessary, without scrolling the page; to its top without a link. */
const reveal = (contents: HTMLElement, link: HTMLElement | undefined): void => {
  if (getComputedStyle(contents).position !== 'sticky') return
  if (!link) {
    contents.scrollTop = 0
    return
  }
  const [outer, inner] = [contents.getBoundingClientRect(), link.getBoundingClientRect()]
  if (inner.top < outer.top || inner.bottom > outer.bottom)
    contents.scrollTop += inner.top - outer.top - contents.clientHeight / 3
}

/** Marks the current section in the table of contents. */
export const followScroll = (contents: HTMLElement): void => {
  const sections = [...contents.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')].flatMap((link) => {
    const target = targetOf(link)
    // A target inside a closed details element has no position, so that of the details element is used.
    return target ? [{ link, section: target.closest('details') ?? target }] : []
  })
  let current: HTMLElement | undefined
  const update = (): void => {
    const read = sections.findLast(({ section }) => section.getBoundingClientRect().top <= marginPixels)
    if (read?.link === current) return
    current?.removeAttribute('aria-current')
    current = read?.link
    current?.setAttribute('aria-current', 'true')
    reveal(contents, current)
  }
  let isWaiting = false
  const onScroll = (): void => {
    if (isWaiting) return
    isWaiting = true
    requestAnimationFrame(() => {
      isWaiting = false
      update()
    })
  }
  addEventListener('scroll', onScroll, { passive: true })
  addEventListener('resize', onScroll)
  update()
}
