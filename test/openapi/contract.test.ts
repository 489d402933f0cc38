import { beforeAll, describe, expect, it } from 'vitest'
import { follow, operationsOf } from '../support/document.ts'
import { read, type Json } from '../support/site.ts'

/*
 * The contract written by hand a second time, independent of the code: what /openapi.json must say. A parameter is its type,
 * its bounds and its default.
 */

const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']
const boards = ['support-forum', 'solutions', 'questions', 'kb', 'l10n', 'reviews', 'helpful', 'overall']
const metrics = ['support_forum_contributors', 'kb_contributors', 'l10n_contributors', 'active_contributors']
const messages = [
  'contribution.created',
  'contribution.retracted',
  'contribution.restored',
  'contribution.amended',
  'content.deleted',
  'content.undeleted',
  'user.updated',
  'user.erased',
  'coverage.declared',
]
const reasons = ['spam', 'unsolved', 'fraud', 'mistake', 'other']

const most = Number.MAX_SAFE_INTEGER
const asOf = ['as_of', 'string date-time']
const atLeast = ['at_least', `integer 0..${most} = 0`]
const locale = ['locale', 'string pattern']
const product = ['product', 'string pattern']
const group = ['group', 'string pattern']
const cursor = ['cursor', 'string']
const timeZone = ['time_zone', 'string = UTC']
const type = ['type', `one of ${types.join(' ')}`]
const days = [
  ['from', 'string date'],
  ['to', 'string date'],
]
const id = ['id*', `integer 1..${most}`]
const board = ['board*', `one of ${boards.join(' ')}`]
const metric = ['metric*', `one of ${metrics.join(' ')}`]
const period = [['from', 'string'], ['to', 'string'], ['period', 'string pattern'], timeZone]
const measure = ['measure', 'one of contributions parents days = contributions']
const allByDefault = [['window', 'string pattern = all'], ...period]
const activity = [
  ['rule', `one of ${metrics.join(' ')} = active_contributors`],
  ...period,
  locale,
  product,
  group,
  asOf,
  atLeast,
  ['interval', 'one of week month quarter year = week'],
]

const language = ['lang', 'one of en de fr es pt ja zh ar = en']

const everyRead = [400, 429, 500, 503]

/** The parameters of every address, its statuses besides 200, and the media types of its 200. */
const addresses: Record<string, [parameters: string[][], statuses: number[], mediaTypes: string[]]> = {
  'POST /v1/webhooks': [
    [
      ['webhook-id*', 'string'],
      ['webhook-timestamp*', 'string pattern'],
      ['webhook-signature*', 'string'],
    ],
    [400, 401, 413, 415, 422, 429, 500, 503],
    ['application/json'],
  ],
  'GET /v1/users': [
    [
      ['username', 'string pattern'],
      ['search', 'string pattern'],
      ['ids', 'string'],
      ...period,
      asOf,
      atLeast,
    ],
    [304, ...everyRead],
    ['application/json'],
  ],
  'GET /v1/users/{id}': [[id, ...period, asOf, atLeast], [304, 404, ...everyRead], ['application/json']],
  'GET /v1/users/{id}/contributions': [
    [id, type, ...allByDefault, locale, product, asOf, atLeast, ['limit', 'integer 1..1000 = 20'], cursor],
    [304, 404, ...everyRead],
    ['application/json', 'text/csv'],
  ],
  'GET /v1/users/{id}/calendar': [
    [id, ...days, timeZone, type, atLeast],
    [304, 404, ...everyRead],
    ['application/json', 'text/csv'],
  ],
  'GET /v1/users/{id}/card.svg': [
    [
      id,
      ['theme', 'one of light dark auto = auto'],
      ['variant', 'one of standard compact wide = standard'],
      language,
      locale,
      product,
      asOf,
      atLeast,
    ],
    [304, 404, ...everyRead],
    ['image/svg+xml'],
  ],
  'GET /v1/users/{id}/badge.json': [
    [id, type, ...allByDefault, language, locale, product, asOf, atLeast],
    [304, 404, ...everyRead],
    ['application/json'],
  ],
  'GET /v1/definitions': [[], [304, ...everyRead], ['application/json']],
  'GET /v1/leaderboards': [[], [304, ...everyRead], ['application/json']],
  'GET /v1/leaderboards/{board}': [
    [
      board,
      ['window', 'string pattern = 90d'],
      ...period,
      asOf,
      locale,
      product,
      group,
      measure,
      ['around', `integer 1..${most}`],
      atLeast,
      ['limit', 'integer 1..100'],
      cursor,
    ],
    [304, 404, ...everyRead],
    ['application/json', 'text/csv'],
  ],
  'GET /v1/metrics': [[atLeast], [304, ...everyRead], ['application/json']],
  'GET /v1/metrics/{metric}': [
    [
      metric,
      asOf,
      locale,
      product,
      group,
      ['window', 'string pattern'],
      ...period,
      measure,
      ['min', `integer 1..${most}`],
      atLeast,
    ],
    [304, 404, ...everyRead],
    ['application/json'],
  ],
  'GET /v1/metrics/{metric}/users': [
    [
      metric,
      asOf,
      locale,
      product,
      group,
      ['window', 'string pattern'],
      ...period,
      measure,
      ['min', `integer 1..${most}`],
      atLeast,
      ['limit', 'integer 1..1000 = 20'],
      cursor,
    ],
    [304, 404, ...everyRead],
    ['application/json', 'text/csv'],
  ],
  'GET /v1/metrics/{metric}/history': [
    [metric, ...days, ['interval', 'one of day week month = day'], timeZone, locale, product, group, atLeast],
    [304, 404, ...everyRead],
    ['application/json', 'text/csv'],
  ],
  'GET /v1/volume': [
    [
      ...period,
      ['interval', 'one of day week month quarter year = day'],
      ['group_by', 'one of type locale product'],
      type,
      locale,
      product,
      group,
      asOf,
      atLeast,
    ],
    [304, ...everyRead],
    ['application/json', 'text/csv'],
  ],
  'GET /v1/community': [activity, [304, ...everyRead], ['application/json', 'text/csv']],
  'GET /v1/community/cohorts': [activity, [304, ...everyRead], ['application/json', 'text/csv']],
  'GET /v1/responses': [
    [
      ...period,
      locale,
      product,
      group,
      asOf,
      atLeast,
      ['interval', 'one of day week month quarter year = week'],
    ],
    [304, ...everyRead],
    ['application/json', 'text/csv'],
  ],
  'GET /v1/status': [[], everyRead, ['application/json']],
  'GET /healthz': [[], everyRead, ['application/json']],
  'GET /v1/deliveries': [[], [401, ...everyRead], ['application/json']],
  'GET /v1/log': [
    [
      ['after', `integer 0..${most} = 0`],
      ['limit', 'integer 1..10000 = 1000'],
    ],
    [401, ...everyRead],
    ['application/x-ndjson'],
  ],
  'POST /v1/audit': [
    [
      ['audit', 'integer 1..999999999'],
      ['users', 'integer 1..999999999 = 1000'],
    ],
    [400, 401, 429, 500, 503],
    ['application/json'],
  ],
  'GET /openapi.json': [[], [304, ...everyRead], ['application/json']],
}

/** Every list has an address with `.csv` too. */
const withTables = Object.entries(addresses).flatMap(([address, [parameters, statuses, mediaTypes]]) =>
  mediaTypes.includes('text/csv')
    ? [
        [address, parameters, statuses, mediaTypes] as const,
        [`${address}.csv`, parameters, statuses, ['text/csv']] as const,
      ]
    : [[address, parameters, statuses, mediaTypes] as const],
)

let document: Json

beforeAll(async () => {
  document = await read('/openapi.json')
})

const describeSchema = (schema: Json): string => {
  const {
    enum: values,
    type: kind,
    format,
    pattern,
    minimum,
    maximum,
    default: given,
  } = follow(document, schema)
  const bounds = kind === 'integer' ? `${minimum}..${maximum}` : undefined
  const words = values
    ? ['one of', ...values]
    : [kind, bounds, format, pattern === undefined ? undefined : 'pattern']
  const byDefault = given === undefined ? [] : ['=', given]
  return [...words.filter((word: unknown) => word !== undefined), ...byDefault].join(' ')
}

const found = (address: string): Json => {
  const [method = '', path = ''] = address.split(' ')
  return document.paths[path][method.toLowerCase()]
}

it('/openapi.json has the addresses of the contract and no others', () => {
  const described = operationsOf(document).map(({ path, method }) => `${method.toUpperCase()} ${path}`)
  expect(described.sort()).toEqual(withTables.map(([address]) => address).sort())
})

describe.each(withTables)('%s', (address, parameters, statuses, mediaTypes) => {
  it('takes the parameters of the contract', () => {
    const documented = found(address).parameters.map(({ name, required, schema }: Json) => [
      required ? `${name}*` : name,
      describeSchema(schema),
    ])
    expect(documented).toEqual(parameters)
  })

  it('answers with the statuses and media types of the contract', () => {
    const { responses } = found(address)
    expect(Object.keys(responses).map(Number)).toEqual([200, ...statuses].sort((left, right) => left - right))
    expect(Object.keys(responses[200].content)).toEqual(mediaTypes)
    for (const status of statuses) {
      const { content, headers } = follow(document, responses[status])
      if (status === 304) continue
      const isCard = address.endsWith('.svg')
      const asImage = isCard && status >= 404 ? ['image/svg+xml'] : []
      const asProblem = isCard && status === 404 ? [] : ['application/problem+json']
      expect(Object.keys(content)).toEqual([...asProblem, ...asImage])
      expect('Retry-After' in headers).toBe(status === 429 || status === 503)
    }
  })

  it('documents its caching headers', () => {
    const isCached = statuses.includes(304)
    const { headers } = found(address).responses[200]
    expect(['ETag' in headers, 'Cache-Control' in headers]).toEqual([isCached, true])
    expect('Link' in headers).toBe(mediaTypes.includes('text/csv'))
  })
})

it('/openapi.json names the twelve problems with their statuses', () => {
  expect(document.components.schemas.Problem.properties.type.enum).toEqual(
    [
      'malformed-json',
      'invalid-parameter',
      'invalid-signature',
      'unauthorized',
      'not-found',
      'method-not-allowed',
      'payload-too-large',
      'unsupported-media-type',
      'invalid-message',
      'too-many-requests',
      'internal',
      'unavailable',
    ].map((name) => `/problems/${name}`),
  )
  const statuses = Object.fromEntries(
    Object.entries<Json>(document.components.responses).flatMap(([name, { content }]) =>
      content ? [[name, content['application/problem+json'].schema.allOf[1].properties.status.const]] : [],
    ),
  )
  expect(statuses).toEqual({
    'malformed-json': 400,
    'invalid-parameter': 400,
    'invalid-signature': 401,
    unauthorized: 401,
    'not-found': 404,
    'payload-too-large': 413,
    'unsupported-media-type': 415,
    'invalid-message': 422,
    'too-many-requests': 429,
    internal: 500,
    unavailable: 503,
  })
})

it('/openapi.json takes messages of the nine types, with 1 to 1,000 items', () => {
  const all = document.components.schemas.Message.oneOf.map((schema: Json) => follow(document, schema))
  expect(all.map(({ properties }: Json) => properties.type.const)).toEqual(messages)
  for (const { properties, required } of all) {
    expect(required).toEqual(['type', 'timestamp', 'data'])
    const [one, many] = properties.data.anyOf
    expect(many).toEqual({ type: 'array', items: one, minItems: 1, maxItems: 1000 })
  }
})

/** The fields of a schema, as `name`, or as `name*` if required. */
const fieldsOf = (name: string): string[] => {
  const { properties, required = [] } = document.components.schemas[name]
  return Object.keys(properties).map((field) => (required.includes(field) ? `${field}*` : field))
}

it.each([
  ['ContributionGiven', 'type* user* occurred_at* content* parent locale product self spam'],
  ['ContentGiven', 'type* id*'],
  ['LabelledContentGiven', 'type* id* title url'],
  ['Amendment', 'content* type set*'],
  ['Retraction', 'content* type reason*'],
  ['Restoration', 'content* type reason'],
  ['Deletion', 'content*'],
  ['UserUpdate', 'id* username display_name avatar_url is_active is_system is_hidden groups'],
  ['UserErasure', 'id*'],
  ['CoverageDeclaration', 'type* complete* since'],
  ['Receipt', 'position* recorded* duplicate* conflict* ignored* results* warnings'],
  ['User', 'id* username* display_name* avatar_url*'],
  ['Counts', `total* ${types.map((name) => `${name}*`).join(' ')}`],
  ['Window', 'from* to*'],
  [
    'UserStatistics',
    'user* as_of* position* complete* first_contribution_at* last_contribution_at* first* last* lifetime* windows* period documents*',
  ],
  ['PeriodCounts', `window* total* ${types.map((name) => `${name}*`).join(' ')} documents*`],
  [
    'Contribution',
    'type* occurred_at* content* parent* locale* product* self* position* deleted_at* amended*',
  ],
  ['LabelledContent', 'type* id* title url'],
  ['ContributionList', 'contributions* as_of* position* next_cursor*'],
  ['Leaderboard', 'board* window* as_of* position* total* entries* standing next_cursor*'],
  ['LeaderboardEntry', 'rank* user* count* last_contribution_at*'],
  ['Calendar', 'from* to* time_zone* as_of* position* days* total* current_streak* longest_streak*'],
  ['Badge', 'schemaVersion* label* message* color*'],
  ['MetricHistory', 'metric* interval* time_zone* from* to* as_of* position* points*'],
  ['MetricUsers', 'metric* window* min* as_of* position* value* listed* users* next_cursor*'],
  ['MetricValue', 'metric* value* window* min* as_of* position*'],
  ['Volume', 'interval* time_zone* window* as_of* position* series*'],
  ['Community', 'rule* interval* time_zone* window* as_of* position* points*'],
  ['Cohorts', 'rule* interval* time_zone* window* as_of* position* cohorts*'],
  ['Responses', 'interval* time_zone* window* as_of* position* points*'],
  ['Status', 'as_of* position* events* contributions* first_event_at* last_event_at* coverage* audit*'],
  ['Coverage', 'complete* since*'],
  [
    'Event',
    'position* delta* recorded_at* user* type* occurred_at* content* parent* locale* product* self* reason*',
  ],
  ['Problem', 'type* title* status* detail* errors'],
])('the schema %s has the fields of the contract', (name, fields) => {
  expect(fieldsOf(name)).toEqual(fields.split(' '))
})

it('/openapi.json has the types, boards, metrics, reasons and windows of the contract', () => {
  const { schemas } = document.components
  expect(schemas.ContributionType.enum).toEqual(types)
  expect(schemas.ContributionGiven.properties.type.enum).toEqual(types)
  expect(schemas.Board.enum).toEqual(boards)
  expect(schemas.Metric.enum).toEqual(metrics)
  expect(schemas.Retraction.properties.reason.enum).toEqual(reasons)
  expect(Object.keys(schemas.UserStatistics.properties.windows.properties)).toEqual([
    '7d',
    '30d',
    '90d',
    '365d',
  ])
})

const patternOf = (address: string, name: string): RegExp => {
  const { schema } = found(address).parameters.find((parameter: Json) => parameter.name === name)
  return new RegExp(schema.pattern, 'u')
}

it('the parameter window takes 1d to 3660d, and all', () => {
  const window = patternOf('GET /v1/leaderboards/{board}', 'window')
  const taken = Array.from({ length: 10_001 }, (_, length) => length).filter((length) =>
    window.test(`${length}d`),
  )
  expect([taken.length, taken[0], taken.at(-1)]).toEqual([3660, 1, 3660])
  expect(['all', '', 'd', '07d', '30', '30D', '13x', 'all '].map((text) => window.test(text))).toEqual([
    true,
    ...Array.from({ length: 7 }, () => false),
  ])
})

it.each([
  [
    'locale',
    ['', 'en', 'en-US', 'zh-Hant-TW', 'abcdefgh'],
    ['e', 'en_US', 'abcdefghi', 'en-', `en${'-abcdefgh'.repeat(4)}`],
  ],
  ['group', ['staff', '7-a_b.c', 'a'.repeat(64)], ['', 'Staff', '-a', 'a'.repeat(65), 'a b']],
  ['product', ['', 'firefox', '7-zip_a.b', 'a'.repeat(64)], ['Firefox', '-a', 'a'.repeat(65), 'a b']],
])('the parameter %s has the pattern of the contract', (name, good, bad) => {
  const pattern = patternOf('GET /v1/leaderboards/{board}', name)
  expect(good.filter((text) => !pattern.test(text))).toEqual([])
  expect(bad.filter((text) => pattern.test(text))).toEqual([])
})

/** The paths of the fields and parameters within a part of the document that have no description. */
const undescribed = (part: Json, place: string): string[] => {
  if (typeof part !== 'object' || part === null) return []
  const fields = Object.entries<Json>(part.properties ?? {}).filter(
    ([, field]) => !(field.description ?? follow(document, field).description),
  )
  return [
    ...fields.map(([name]) => `${place}/${name}`),
    // `allOf` only narrows fields that are described elsewhere.
    ...Object.entries<Json>(part).flatMap(([key, value]) =>
      key === 'allOf' ? [] : undescribed(value, `${place}/${key}`),
    ),
  ]
}

it('/openapi.json describes every schema, every field and every parameter', () => {
  const { schemas, responses } = document.components
  const unnamed = Object.keys(schemas).filter((name) => !schemas[name].description)
  const parameters = operationsOf(document).flatMap(({ path, operation }) =>
    operation.parameters.map((parameter: Json) => [path, parameter]),
  )
  const silent = parameters.filter(([, { description }]) => !description)
  expect(parameters.length).toBeGreaterThan(50)
  expect([unnamed, silent]).toEqual([[], []])
  expect([
    ...undescribed(schemas, ''),
    ...undescribed(responses, ''),
    ...undescribed(document.paths, ''),
  ]).toEqual([])
})
