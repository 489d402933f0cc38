import { createHash } from 'node:crypto'
import { contributionTypes, type ContributionType } from '../contributions/contribution.ts'

export const themes = ['light', 'dark', 'auto'] as const
export type Theme = (typeof themes)[number]

/** The colours of a card. Text stands out from `ground` by at least 4.5:1, everything else by 3:1 (WCAG 2.2). */
export interface Palette {
  ground: string
  /** The frame, and what a bar would fill: decoration. */
  edge: string
  ink: string
  quiet: string
  accent: string
  types: Record<ContributionType, string>
}

export const palettes: Record<'light' | 'dark', Palette> = {
  light: {
    ground: '#ffffff',
    edge: '#d5ded8',
    ink: '#16241c',
    quiet: '#53635a',
    accent: '#1b7f4f',
    types: {
      question: '#2f73c4',
      answer: '#1b7f4f',
      solution: '#b07a09',
      kb_edit: '#7b52bf',
      kb_review: '#c2447e',
      helpful_vote: '#c9542f',
    },
  },
  dark: {
    ground: '#101814',
    edge: '#2c3a33',
    ink: '#e9f2ec',
    quiet: '#9db0a5',
    accent: '#58c78f',
    types: {
      question: '#6fa8ee',
      answer: '#58c78f',
      solution: '#e3b341',
      kb_edit: '#b094ee',
      kb_review: '#ee86b3',
      helpful_vote: '#f08a66',
    },
  },
}

const rulesOf = ({ ground, edge, ink, quiet, accent, types }: Palette): string =>
  [
    `.frame{fill:${ground};stroke:${edge}}`,
    `.track{fill:${edge}}`,
    `.ink{fill:${ink}}`,
    `.quiet{fill:${quiet}}`,
    `.accent{fill:${accent}}`,
    ...contributionTypes.map((type) => `.${type}{fill:${types[type]}}`),
  ].join('')

const font =
  'text{font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Noto Sans,Helvetica,Arial,sans-serif}'

/** Each theme's style sheet. Where media queries are not understood, `auto` is light. */
export const styleSheets: Record<Theme, string> = {
  light: font + rulesOf(palettes.light),
  dark: font + rulesOf(palettes.dark),
  auto: `${font}${rulesOf(palettes.light)}@media (prefers-color-scheme:dark){${rulesOf(palettes.dark)}}`,
}

const policyOf = (styleSheet: string): string => {
  const digest = createHash('sha256').update(styleSheet).digest('base64')
  return `default-src 'none'; style-src 'sha256-${digest}'; sandbox`
}

/** What a card opened by itself may do (CSP Level 3): be drawn, with its own style sheet and nothing else. */
export const contentSecurityPolicies: Record<Theme, string> = {
  light: policyOf(styleSheets.light),
  dark: policyOf(styleSheets.dark),
  auto: policyOf(styleSheets.auto),
}
