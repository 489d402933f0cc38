import type { ContributionType } from './contribution.ts'

/** The English name of each type of contribution, for one and for any other number. */
export const typeNames: Record<ContributionType, { one: string; many: string }> = {
  question: { one: 'question', many: 'questions' },
  answer: { one: 'answer', many: 'answers' },
  solution: { one: 'solution', many: 'solutions' },
  kb_edit: { one: 'article edit', many: 'article edits' },
  kb_review: { one: 'article review', many: 'article reviews' },
  helpful_vote: { one: 'helpful vote', many: 'helpful votes' },
}
