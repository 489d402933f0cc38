import { contributionTypes, type ContributionType } from './contribution.ts'

/** `default`: the default locale; `other`: any other non-empty locale; `any`: all, including none. */
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

/** Every leaderboard. To add one, add an entry: routes, documentation and pages follow. */
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
    description: "Answers chosen as the solution to other people's questions",
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
    description: 'Edits to knowledge base documents in the default locale',
    types: ['kb_edit'],
    countsSelf: true,
    locale: 'default',
  },
  {
    board: 'l10n',
    title: 'Localization',
    description: 'Edits to knowledge base documents in all other locales',
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
    description: 'Helpful votes, credited to the author of the answer',
    types: ['helpful_vote'],
    countsSelf: true,
    locale: 'any',
  },
  {
    board: 'overall',
    title: 'Overall',
    description: "All contributions except questions and work on one's own content",
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
    description: "People with at least 10 answers to other people's questions in the last 30 days",
    types: ['answer'],
    countsSelf: false,
    locale: 'any',
    min: 10,
    windowDays: 30,
  },
  {
    metric: 'kb_contributors',
    title: 'Knowledge base contributors',
    description: 'People who edited or reviewed in the default locale in the last 30 days',
    types: ['kb_edit', 'kb_review'],
    countsSelf: true,
    locale: 'default',
    min: 1,
    windowDays: 30,
  },
  {
    metric: 'l10n_contributors',
    title: 'Localization contributors',
    description: 'People who edited or reviewed in other locales in the last 30 days',
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
      'People who contributed in the last 30 days (questions and work on their own content excluded)',
    types: contributionTypes.filter((type) => type !== 'question'),
    countsSelf: false,
    locale: 'any',
    min: 1,
    windowDays: 30,
  },
]
