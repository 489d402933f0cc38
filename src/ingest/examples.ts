import { definitions, isDefined, type TypeDefinition } from '../definitions/definitions.ts'
import type { Example } from '../http/endpoint.ts'

/*
 * Messages from a small community, in the order sent. The example answers of all other operations show the state after
 * all of them, at 12:00 that day.
 */

const question = { type: 'questions.question', id: '1001' }
const answer = { type: 'questions.answer', id: '1002' }
const document = { type: 'wiki.document', id: '77' }
const revision = { type: 'wiki.revision', id: '501' }
const bruno = { id: 7, username: 'bruno', display_name: null, avatar_url: null }
const ana = { id: 42, username: 'ana', display_name: 'Ana Lima', avatar_url: null }
const place = { locale: 'en-US', product: 'firefox' }

const anAnswer = {
  type: 'answer',
  user: ana,
  occurred_at: '2026-11-20T09:30:00.000Z',
  content: { ...answer, title: 'Firefox crashes at startup', url: 'https://example.org/answers/1002' },
  parent: question,
  ...place,
  self: false,
}

const aDay = [
  { type: 'question', user: bruno, occurred_at: '2026-11-20T08:00:00.000Z', content: question, ...place },
  {
    type: 'solution',
    user: ana,
    occurred_at: '2026-11-20T10:00:00.000Z',
    content: answer,
    parent: question,
    ...place,
  },
  {
    type: 'kb_edit',
    user: ana,
    occurred_at: '2026-11-18T16:20:00.000Z',
    content: revision,
    parent: document,
    ...place,
  },
  {
    type: 'kb_review',
    user: bruno,
    occurred_at: '2026-11-19T07:45:00.000Z',
    content: revision,
    parent: document,
    ...place,
  },
  {
    type: 'answer',
    user: { id: 13, username: 'pills-4-u' },
    occurred_at: '2026-11-20T08:05:00.000Z',
    content: { type: 'questions.answer', id: '1003' },
    parent: question,
    spam: true,
  },
  anAnswer,
]

/** A contribution of the site's first type, for sites that do not define `answer`. */
const anyContribution = ({ type, needs_parent: needsParent }: TypeDefinition) => ({
  type,
  user: ana,
  occurred_at: '2026-11-20T09:30:00.000Z',
  content: answer,
  ...(needsParent && { parent: question }),
  ...place,
})

export const messageExamples: Record<string, Example> = {
  ...(!isDefined('answer') && {
    'A contribution': {
      message: {
        type: 'contribution.created',
        timestamp: '2026-11-20T09:30:02.000Z',
        data: definitions.types.slice(0, 1).map(anyContribution),
      },
    },
  }),
  'An answer': {
    message: { type: 'contribution.created', timestamp: '2026-11-20T09:30:02.000Z', data: anAnswer },
  },
  'Several at once, one of them spam and one sent before': {
    message: { type: 'contribution.created', timestamp: '2026-11-20T10:00:05.000Z', data: aDay },
  },
  'The solution is unmarked': {
    message: {
      type: 'contribution.retracted',
      timestamp: '2026-11-20T10:30:00.000Z',
      data: { content: answer, type: 'solution', reason: 'unsolved' },
    },
  },
  'The solution is marked again': {
    message: {
      type: 'contribution.restored',
      timestamp: '2026-11-20T10:31:00.000Z',
      data: { content: answer, type: 'solution' },
    },
  },
  'The answer moves to another product': {
    message: {
      type: 'contribution.amended',
      timestamp: '2026-11-20T10:40:00.000Z',
      data: { content: answer, set: { product: 'mobile' } },
    },
  },
  'The answer is deleted, and no number changes': {
    message: { type: 'content.deleted', timestamp: '2026-11-20T11:00:00.000Z', data: { content: answer } },
  },
  'The answer is there again': {
    message: { type: 'content.undeleted', timestamp: '2026-11-20T11:05:00.000Z', data: { content: answer } },
  },
  'A user has a new name, and groups': {
    message: {
      type: 'user.updated',
      timestamp: '2026-11-20T11:10:00.000Z',
      data: {
        id: 7,
        display_name: 'Bruno Costa',
        avatar_url: 'https://example.org/bruno.png',
        groups: ['staff', 'reviewers'],
      },
    },
  },
  'A user is erased': {
    message: { type: 'user.erased', timestamp: '2026-11-20T11:20:00.000Z', data: { id: 13 } },
  },
  'Answers are known since 2010': {
    message: {
      type: 'coverage.declared',
      timestamp: '2026-11-20T11:30:00.000Z',
      data: { type: 'answer', complete: false, since: '2010-06-01T00:00:00.000Z' },
    },
  },
}
