import { useEffect, useState } from 'preact/hooks'

/**
 * A placeholder for this site's origin in texts to copy, until JavaScript replaces it. The Worker cannot render the
 * origin, because a cached page may be served on several hosts.
 */
export const placeholderOrigin = 'https://your-perennial.example'

/** The origin of this page: the placeholder while the Worker renders, then the browser's. */
export const useOrigin = (): string => {
  const [origin, setOrigin] = useState(placeholderOrigin)
  useEffect(() => setOrigin(location.origin), [])
  return origin
}
