import { useEffect, useState } from 'preact/hooks'

/**
 * Stands for this site's origin in a text to copy until JavaScript replaces it. Pages are cached for every host that
 * the site has, so the Worker renders none of them.
 */
export const placeholderOrigin = 'https://your-perennial.example'

/** The origin of this page: the placeholder while the Worker renders, then the browser's. */
export const useOrigin = (): string => {
  const [origin, setOrigin] = useState(placeholderOrigin)
  useEffect(() => setOrigin(location.origin), [])
  return origin
}
