import { describe, expect, it } from 'vitest'
import file from '../../definitions.json' with { type: 'json' }
import { definitions, boards, contributionTypes, metrics } from '../../src/definitions/definitions.ts'
import { parseDefinitions } from '../../src/definitions/parseDefinitions.ts'
import discourse from '../../examples/discourse/definitions.json' with { type: 'json' }
import forum from '../../examples/forum/definitions.json' with { type: 'json' }
import type { Json } from '../support/site.ts'

/** The project's file without its translations, changed. */
const changed = (change: (copy: Json) => unknown): unknown => {
  const copy = { ...structuredClone(file), translations: { de: { types: {} } } }
  change(copy)
  return copy
}

const issuesOf = (input: unknown): string[] =>
  parseDefinitions(input).issues.map(({ pointer, detail }) => `${pointer} ${detail}`)

it('the definitions of the project are valid', () => {
  expect(parseDefinitions(file)).toEqual({ definitions, issues: [] })
})

it('the definitions of the examples are valid', () => {
  for (const example of [forum, discourse])
    expect(parseDefinitions(example)).toEqual({ definitions: example, issues: [] })
})

it('the definitions of the project are those of the contract', () => {
  expect(contributionTypes).toEqual([
    'question',
    'answer',
    'solution',
    'kb_edit',
    'kb_review',
    'helpful_vote',
  ])
  expect(boards.map(({ board }) => board)).toEqual([
    'support-forum',
    'solutions',
    'questions',
    'kb',
    'l10n',
    'reviews',
    'helpful',
    'overall',
  ])
  expect(metrics.map(({ metric, min, windowDays }) => [metric, min, windowDays])).toEqual([
    ['support_forum_contributors', 10, 30],
    ['kb_contributors', 1, 30],
    ['l10n_contributors', 1, 30],
    ['active_contributors', 1, 30],
  ])
})

const bad: [what: string, change: (copy: Json) => unknown, issues: string[]][] = [
  ['no types', (copy) => delete copy.types, ['/types Missing: use a list of 1 to 24 types']],
  [
    'an empty list of types',
    (copy) => (copy.types = []),
    ['/types Cannot use an array: use a list of 1 to 24 types'],
  ],
  [
    'a misspelt field',
    (copy) => (copy.types[0].colour = '#123456'),
    ['/types/0/colour Unknown field: remove it'],
  ],
  [
    'a type without its plural',
    (copy) => delete copy.types[1].many,
    [
      '/types/1/many Missing: use 1 to 40 characters, without control characters and without spaces at either end',
    ],
  ],
  [
    'a type with a capital',
    (copy) => (copy.types[5].type = 'Topic'),
    ['/types/5/type Cannot use "Topic": use 1 to 32 of a-z, 0-9 and "_", a letter first'],
  ],
  [
    'a type named like a field of answers',
    (copy) => (copy.types[5].type = 'total'),
    ['/types/5/type Cannot use "total": use another name: total, window, documents are fields of answers'],
  ],
  [
    'two types of one name',
    (copy) => (copy.types[2].type = 'answer'),
    [
      '/types/2/type Cannot use "answer": it is the name of another type',
      ...[
        '/leaderboards/1/types/0',
        '/leaderboards/7/types/1',
        '/metrics/3/types/1',
        '/responses/solution',
      ].map(
        (pointer) =>
          `${pointer} Cannot use "solution": use one of question, answer, answer, kb_edit, kb_review, helpful_vote`,
      ),
    ],
  ],
  [
    'responses of unknown and repeated types',
    (copy) => (copy.responses = { question: 'answer', answer: 'answer', solution: 'toString' }),
    [
      '/responses/solution Cannot use "toString": use one of question, answer, solution, kb_edit, kb_review, helpful_vote',
      '/responses/answer Cannot use "answer": it is listed twice',
    ],
  ],
  [
    'responses without answers',
    (copy) => (copy.responses = { question: 'question' }),
    ['/responses/answer Missing: use the name of a type'],
  ],
  [
    'a colour that is too light for the light theme',
    (copy) => (copy.types[0].color.light = '#ffff00'),
    [
      '/types/0/color/light Cannot use "#ffff00": use a colour like "#2f73c4" with a contrast of at least 3:1 to #ffffff',
    ],
  ],
  [
    'a colour that is too dark for the dark theme',
    (copy) => (copy.types[0].color.dark = '#333333'),
    [
      '/types/0/color/dark Cannot use "#333333": use a colour like "#2f73c4" with a contrast of at least 3:1 to #1a1d1b',
    ],
  ],
  [
    'a colour that has a name',
    (copy) => (copy.types[0].color.dark = 'red;}'),
    [
      '/types/0/color/dark Cannot use "red;}": use a colour like "#2f73c4" with a contrast of at least 3:1 to #1a1d1b',
    ],
  ],
  [
    'two types whose parents are documents',
    (copy) => (copy.types[0].counts_documents = true),
    ['/types/3/counts_documents Cannot use true: use it for one type only'],
  ],
  [
    'a board that counts an unknown type',
    (copy) => (copy.leaderboards[0].types = ['answer', 'reply']),
    [
      '/leaderboards/0/types/1 Cannot use "reply": use one of question, answer, solution, kb_edit, kb_review, helpful_vote',
    ],
  ],
  [
    'a board that counts a type twice',
    (copy) => (copy.leaderboards[0].types = ['answer', 'answer']),
    ['/leaderboards/0/types/1 Cannot use "answer": it is listed twice'],
  ],
  [
    'a board that counts nothing',
    (copy) => (copy.leaderboards[0].types = []),
    ['/leaderboards/0/types Cannot use an array: use at least one type'],
  ],
  [
    'a metric with the name of a board',
    (copy) => (copy.metrics[0].metric = 'kb'),
    ['/metrics/0/metric Cannot use "kb": it is the name of another leaderboard or metric'],
  ],
  [
    'a metric with an unknown rule for locales, no least count and half a day',
    (copy) => Object.assign(copy.metrics[0], { locale: 'all', min: 0, window_days: 0.5 }),
    [
      '/metrics/0/locale Cannot use "all": use one of default, other, any',
      '/metrics/0/min Cannot use 0: use a whole number from 1 to 1000000',
      '/metrics/0/window_days Cannot use 0.5: use a whole number from 1 to 3660',
    ],
  ],
  [
    'a locale that is none',
    (copy) => (copy.site.default_locale = 'en_US'),
    ['/site/default_locale Cannot use "en_US": use a locale like "en-US"'],
  ],
  [
    'a language that pages are not written in',
    (copy) => (copy.site.language = 'tlh'),
    ['/site/language Cannot use "tlh": use one of en, de'],
  ],
  ...['../secret.svg', '/logo.svg', 'https://example.org/logo.svg', 'logo.png', 'assets/logo.svg'].map(
    (logo): (typeof bad)[number] => [
      `the logo ${logo}`,
      (copy) => (copy.site.logo = logo),
      [`/site/logo Cannot use "${logo}": use the path of an SVG file below public/, such as "logo.svg"`],
    ],
  ),
  [
    'an accent that cannot be read as text',
    (copy) => (copy.site.accent = { light: '#7fd0a4', dark: '#1f6b4c' }),
    [
      '/site/accent/light Cannot use "#7fd0a4": use a colour like "#2f73c4" with a contrast of at least 4.5:1 to #f2f0ea',
      '/site/accent/dark Cannot use "#1f6b4c": use a colour like "#2f73c4" with a contrast of at least 4.5:1 to #1a1d1b',
    ],
  ],
  [
    'translations of what the file does not define',
    (copy) => {
      copy.translations.de.types.flag = { title: 'Meldungen', one: 'Meldung', many: 'Meldungen' }
      copy.translations.de.metrics = { kb: { title: 'Wissen', description: 'Bearbeitungen' } }
    },
    [
      '/translations/de/types/flag Cannot use "flag": it is not one of the types',
      '/translations/de/metrics/kb Cannot use "kb": it is not one of the metrics',
    ],
  ],
  [
    'translations into a language that pages are not written in, and without a noun',
    (copy) => (copy.translations = { tlh: {}, de: { types: { answer: { title: 'Antworten' } } } }),
    [
      '/translations/de/types/answer/one Missing: use 1 to 40 characters, without control characters and without spaces at either end',
      '/translations/de/types/answer/many Missing: use 1 to 40 characters, without control characters and without spaces at either end',
      '/translations/tlh Unknown field: remove it',
    ],
  ],
  [
    'templates without an ID, over http, with the ID in the host, with a password, and for what is no content type',
    (copy) =>
      (copy.links = {
        one: 'https://example.org/questions',
        two: 'http://example.org/{id}',
        three: 'https://{id}.example.org/',
        four: 'https://ana:secret@example.org/{id}',
        'A B': 'https://example.org/{id}',
      }),
    [
      ...Object.entries({
        one: 'https://example.org/questions',
        two: 'http://example.org/{id}',
        three: 'https://{id}.example.org/',
        four: 'https://ana:secret@example.org/{id}',
      }).map(
        ([name, template]) =>
          `/links/${name} Cannot use "${template}": use an https URL of at most 2000 characters with {id} after the host`,
      ),
      '/links/A B Cannot use "A B": use a content type of 1 to 64 of a-z, 0-9, "_" and "."',
    ],
  ],
]

describe('a definitions file with', () => {
  it.each(bad)('%s is refused with what to use instead', (_, change, issues) => {
    expect(issuesOf(changed(change))).toEqual(issues)
  })

  it.each([undefined, null, [], 'x', 7])('%j in place of an object is refused', (value) => {
    expect(issuesOf(value)).toHaveLength(1)
  })
})
