import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** How close to the visible area an element must be to count as seen. */
const margin = '300px'

/** Whether an element has been in or near the visible area since the page was opened. */
export const useSeen = (): [seen: boolean, ref: RefObject<HTMLElement | null>] => {
  const ref = useRef<HTMLElement>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => setSeen((before) => before || entries.some(({ isIntersecting }) => isIntersecting)),
      { rootMargin: margin },
    )
    if (ref.current) observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [seen, ref]
}
