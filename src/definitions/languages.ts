/** The languages that pages are written in (pages/texts/), each by its own name. */
export const languageNames = { en: 'English', de: 'Deutsch' } as const

export type Language = keyof typeof languageNames

/** The same languages, as addresses and the definitions write them. */
export const languages = Object.keys(languageNames) as readonly Language[]
