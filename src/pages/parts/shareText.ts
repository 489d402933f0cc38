import type { Formatters } from '../formatters.ts'
import type { Texts } from '../texts/texts.ts'

/** A smaller share would be rounded to 0%, although it is not 0. */
const shareMin = 0.0005

/** A share from 0 to 1 in percent. */
export const shareText = (share: number, formatters: Formatters, { text }: Texts): string =>
  share > 0 && share < shareMin
    ? text('change.under', { share: formatters.share(2 * shareMin) })
    : formatters.share(share)
