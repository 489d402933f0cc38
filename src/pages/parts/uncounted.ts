import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { isInLocale } from '../../contributions/selection.ts'
import type { Rule } from '../../definitions/definitions.ts'
import { useTexts } from '../texts/texts.ts'

/** The site's default locale, which some rules depend on; undefined while the operator's setting is invalid. */
export const DefaultLocale = createContext<string | undefined>(undefined)

/** Keeps a locale on one line, in a sentence without markup. */
const withoutBreaks = (locale: string): string => locale.replaceAll('-', '\u2011')

/**
 * Why a rule counts nothing in a locale, whatever the log holds, in a sentence; undefined if it may count something. A 0
 * would look like a finding.
 */
export const useUncounted = (
  rule: Pick<Rule, 'locale'> | undefined,
  locale: string | undefined,
): string | undefined => {
  const { text } = useTexts()
  const defaultLocale = useContext(DefaultLocale)
  if (rule === undefined || rule.locale === 'any' || locale === undefined || defaultLocale === undefined)
    return undefined
  return isInLocale(rule.locale, locale, defaultLocale)
    ? undefined
    : text(`uncounted.${rule.locale}`, { locale: withoutBreaks(defaultLocale) })
}
