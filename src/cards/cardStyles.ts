import { createHash } from 'node:crypto'
import { grounds } from '../definitions/colors.ts'
import { forEachType, type ContributionType } from '../definitions/definitions.ts'
import type { Theme } from './cardOptions.ts'

/** The colours of a card. The contrast with `ground` is at least 4.5:1 for text and 3:1 for everything else (WCAG 2.2). */
export interface Palette {
  ground: string
  /** The frame and empty bars: decoration. */
  edge: string
  ink: string
  quiet: string
  accent: string
  types: Record<ContributionType, string>
  /** The days of a calendar, from empty to the darkest. */
  levels: readonly string[]
}

/** The same colours as on the pages (pages/styles/parts/tokens.css), plus those of the types. */
export const palettes: Record<'light' | 'dark', Palette> = {
  light: {
    ground: grounds.light,
    edge: '#e3e0d8',
    ink: '#1d1f1c',
    quiet: '#5b5f58',
    accent: '#1f6b4c',
    types: forEachType(({ color }) => color.light),
    levels: ['#eceae3', '#a5d4ba', '#6fb692', '#3f8f67', '#1f6b4c'],
  },
  dark: {
    ground: grounds.dark,
    edge: '#2c312e',
    ink: '#eceee9',
    quiet: '#a6aca3',
    accent: '#7fd0a4',
    types: forEachType(({ color }) => color.dark),
    levels: ['#2a2f2c', '#28583f', '#347850', '#4b9b6e', '#7fd0a4'],
  },
}

const rulesOf = ({ ground, edge, ink, quiet, accent, types, levels }: Palette): string =>
  [
    `.frame{fill:${ground};stroke:${edge}}`,
    `.edge{fill:${edge}}`,
    `.ink{fill:${ink}}`,
    `.quiet{fill:${quiet}}`,
    `.accent{fill:${accent}}`,
    `.sprig{stroke:${accent}}`,
    ...levels.map((color, level) => `.level-${level}{stroke:${color}}`),
    ...Object.entries(types).map(([type, color]) => `.type-${type}{fill:${color}}`),
  ].join('')

const font = 'text{font-family:system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Liberation Sans,sans-serif}'

/** The style sheet of each theme. Without support for media queries, `auto` is light. */
export const styleSheets: Record<Theme, string> = {
  light: font + rulesOf(palettes.light),
  dark: font + rulesOf(palettes.dark),
  auto: `${font}${rulesOf(palettes.light)}@media (prefers-color-scheme:dark){${rulesOf(palettes.dark)}}`,
}

const policyOf = (styleSheet: string): string => {
  const digest = createHash('sha256').update(styleSheet).digest('base64')
  return `default-src 'none'; style-src 'sha256-${digest}'; sandbox`
}

/**
 * The Content-Security-Policy for a card that is opened as a document (CSP Level 3): only its own style sheet is
 * applied.
 */
export const contentSecurityPolicies: Record<Theme, string> = {
  light: policyOf(styleSheets.light),
  dark: policyOf(styleSheets.dark),
  auto: policyOf(styleSheets.auto),
}
