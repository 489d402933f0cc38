import type { Page } from 'playwright-core'
import type { Badge } from '../../src/cards/badge.ts'
import { themes, variants } from '../../src/cards/cardOptions.ts'
import { cardLanguages } from '../../src/definitions/languages.ts'

/** A badge, drawn like those of Shields. */
const badgeOf = async (tab: Page, address: string): Promise<string> => {
  const badge = await tab.evaluate(async (path): Promise<Badge | undefined> => {
    const response = await fetch(path).catch(() => undefined)
    const text = await response?.text() // read in any case, because a request ends with its body
    return response?.ok ? JSON.parse(text ?? '') : undefined
  }, address)
  const { label, message, color } = badge ?? { label: 'badge', message: 'inaccessible', color: '#9f9f9f' }
  return `<span class="badge"><span>${label}</span><span style="background:${color}">${message}</span></span>`
}

/** A page with a user's cards in every variant, theme and language, and badges of some kinds. */
export const cardSheet = async (tab: Page, user: number): Promise<string> => {
  const own = `/v1/users/${user}`
  const card = (query: string): string =>
    `<figure><img src="${own}/card.svg?${query}" alt="Contribution card"><figcaption>${query}</figcaption></figure>`
  const looks = themes.flatMap((theme) =>
    variants.map((variant) => card(`theme=${theme}&amp;variant=${variant}`)),
  )
  const written = cardLanguages.map((language) => card(`lang=${language}`))
  const badges = await Promise.all(
    [
      '',
      '?type=answer',
      '?type=answer&window=30d',
      ...cardLanguages.map((language) => `?lang=${language}`),
    ].map(async (query) => await badgeOf(tab, `${own}/badge.json${query}`)),
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><style>
    :root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
    body { margin: 16px; background: light-dark(#fff, #0d1117) }
    section { display: flex; flex-wrap: wrap; gap: 16px; margin-bottom: 24px }
    figure { margin: 0 }
    img { max-width: 100% }
    .badge { display: inline-flex; border-radius: 3px; overflow: hidden; color: #fff; font-size: 11px; height: 20px }
    .badge span { padding: 1px 6px; background: #555 }
  </style><section>${looks.join('')}</section><section>${written.join('')}</section><section>${badges.join('')}</section></html>`
}
