import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useTexts } from '../texts/texts.ts'

/** Whether the content of an element is wider than the element, whatever changes their sizes. */
const useOverflow = (ref: RefObject<Element | null>): boolean => {
  const [overflows, setOverflows] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const observer = new ResizeObserver(() => setOverflows(element.scrollWidth > element.clientWidth + 1))
    for (const each of [element, ...element.children]) observer.observe(each)
    return () => observer.disconnect()
  }, [])
  return overflows
}

interface ScrolledProps {
  /** What the table shows, for screen readers. */
  label: string
  /** Whether a long table scrolls down, too, instead of making the page longer. */
  isTall?: boolean
  children: ComponentChildren
}

/** A table that scrolls where it does not fit, by keyboard too. It says so while it scrolls sideways; without script, on narrow screens. */
export const Scrolled = ({ label, isTall = false, children }: ScrolledProps) => {
  const { text } = useTexts()
  const frame = useRef<HTMLDivElement>(null)
  const overflows = useOverflow(frame)
  return (
    <div class="scrolled">
      <div class={isTall ? 'scroll' : 'scroll-x'} ref={frame} tabIndex={0} role="region" aria-label={label}>
        {children}
      </div>
      <p class={overflows ? 'scroll-hint scroll-hint-shown' : 'scroll-hint'}>{text('scroll.sideways')}</p>
    </div>
  )
}
