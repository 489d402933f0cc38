import { contributionTypes, type ContributionType } from './contribution.ts'

/** `default`: the default locale; `other`: any other non-empty locale; `any`: every locale, or none. */
export const localeRules = ['default', 'other', 'any'] as const

/** Which events a board or a metric counts. */
export interface Rule {
  types: ContributionType[]
  /** Whether acts on one's own content count. */
  countsSelf: boolean
  locale: (typeof localeRules)[number]
}

export interface Board extends Rule {
  board: string
  title: string
  description: string
}

export interface Metric extends Rule {
  metric: string
  title: string
  description: string
  /** How many contributions in the window make a contributor. */
  min: number
  /** The window's length in days. */
  windowDays: number
}

/** Every board. Routes, docs and pages follow this list. */
export const boards: readonly Board[] = [
  {
    board: 'support-forum',
    title: 'Support forum',
    description: "Answers to other people's questions",
    types: ['answer'],
    countsSelf: false,
    locale: 'any',
  },
  {
    board: 'solutions',
    title: 'Solutions',
    description: "Answers that were chosen as the solution to other people's questions",
    types: ['solution'],
    countsSelf: false,
    locale: 'any',
  },
  {
    board: 'questions',
    title: 'Questions',
    description: 'Questions asked',
    types: ['question'],
    countsSelf: true,
    locale: 'any',
  },
  {
    board: 'kb',
    title: 'Knowledge base',
    description: 'Edits of knowledge base documents in the default locale',
    types: ['kb_edit'],
    countsSelf: true,
    locale: 'default',
  },
  {
    board: 'l10n',
    title: 'Localization',
    description: 'Edits of knowledge base documents in any other locale',
    types: ['kb_edit'],
    countsSelf: true,
    locale: 'other',
  },
  {
    board: 'reviews',
    title: 'Reviews',
    description: 'Reviews of knowledge base edits',
    types: ['kb_review'],
    countsSelf: true,
    locale: 'any',
  },
  {
    board: 'helpful',
    title: 'Helpful votes',
    description: 'Votes that found an answer helpful, counted for its author',
    types: ['helpful_vote'],
    countsSelf: true,
    locale: 'any',
  },
  {
    board: 'overall',
    title: 'Overall',
    description: 'Every contribution but questions, on content of others',
    types: contributionTypes.filter((type) => type !== 'question'),
    countsSelf: false,
    locale: 'any',
  },
]

/** Every metric: the number of users with at least `min` such contributions in the window. */
export const metrics: readonly Metric[] = [
  {
    metric: 'support_forum_contributors',
    title: 'Support forum contributors',
    description: "Users with at least 10 answers to other people's questions in 30 days",
    types: ['answer'],
    countsSelf: false,
    locale: 'any',
    min: 10,
    windowDays: 30,
  },
  {
    metric: 'kb_contributors',
    title: 'Knowledge base contributors',
    description: 'Users with at least one edit or review in the default locale in 30 days',
    types: ['kb_edit', 'kb_review'],
    countsSelf: true,
    locale: 'default',
    min: 1,
    windowDays: 30,
  },
  {
    metric: 'l10n_contributors',
    title: 'Localization contributors',
    description: 'Users with at least one edit or review in any other locale in 30 days',
    types: ['kb_edit', 'kb_review'],
    countsSelf: true,
    locale: 'other',
    min: 1,
    windowDays: 30,
  },
  {
    metric: 'active_contributors',
    title: 'Active contributors',
    description:
      'Users with at least one contribution of any kind but a question, on content of others, in 30 days',
    types: contributionTypes.filter((type) => type !== 'question'),
    countsSelf: false,
    locale: 'any',
    min: 1,
    windowDays: 30,
  },
]
