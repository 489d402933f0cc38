import { useEffect, useState } from 'preact/hooks'

/**
 * What stands for this site's origin in a text to copy until script fills it in. Pages are cached for every host that
 * the site has, so what the Worker renders names none.
 */
export const placeholderOrigin = 'https://your-perennial.example'

/** The origin of this page: the placeholder in what the Worker renders, then the browser's own. */
export const useOrigin = (): string => {
  const [origin, setOrigin] = useState(placeholderOrigin)
  useEffect(() => setOrigin(location.origin), [])
  return origin
}

/** For whoever has no script: what to put in place of the placeholder. */
export const placeholderNote = `Replace ${placeholderOrigin} with this site's address`
