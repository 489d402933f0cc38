import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { knownDefaultLocale } from '../../configuration.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { definitions } from '../../definitions/definitions.ts'
import { isFailure } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listedBoard, listedBoards } from '../leaderboards/listLeaderboards.ts'
import { readSummary } from '../readSummary.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'

const color = z.string().check(z.regex(/^#[0-9a-f]{6}$/))

const definedType = z.strictObject({
  type: shape.contributionType,
  title: described(z.string(), 'Its name on pages'),
  one: z.string().register(documented, { description: 'The noun after the number 1' }),
  many: z.string().register(documented, { description: 'The noun after any other number' }),
  color: z
    .strictObject({
      light: described(color, 'The colour on a light background'),
      dark: described(color, 'The colour on a dark background'),
    })
    .register(documented, { description: 'Its colour on a light and on a dark background' }),
  needs_parent: z
    .boolean()
    .register(documented, { description: 'Whether a contribution without a `parent` is refused' }),
  counts_documents: z
    .boolean()
    .register(documented, { description: 'Whether its distinct parents are the `documents` of a user' }),
})

const definedMetric = z.strictObject({
  metric: shape.metricPath.shape.metric,
  ...shape.labels,
  ...shape.rule,
  min: shape.min,
  window_days: shape.positive('The length of its window, in days'),
})

const answer = z
  .strictObject({
    version: z
      .string()
      .check(z.regex(/^[0-9a-f]{64}$/))
      .register(documented, { description: 'A hash of the definitions, which changes whenever they change' }),
    site: z
      .strictObject({
        name: described(z.string(), 'The site’s name'),
        default_locale: described(z.string(), 'The locale that the rule `default` counts'),
      })
      .register(documented, { description: 'The site that is counted' }),
    types: described(
      z.array(definedType).check(z.length(definitions.types.length)),
      'The types of contributions',
    ),
    leaderboards: described(
      z.array(listedBoard).check(z.length(definitions.leaderboards.length)),
      'The leaderboards',
    ),
    metrics: described(z.array(definedMetric).check(z.length(definitions.metrics.length)), 'The metrics'),
    responses: z
      .optional(
        z.strictObject({
          question: shape.contributionType,
          answer: shape.contributionType,
          solution: z.optional(shape.contributionType),
        }),
      )
      .register(documented, {
        description: 'The types that `/v1/responses` uses; left out if the site defines none',
      }),
    links: z
      .record(z.string(), z.string())
      .register(documented, { description: 'URL templates by content type, and one for `user`' }),
    ...shape.moment,
  })
  .register(documented, { id: 'Definitions', description: 'What this site counts' })

/** The definitions, with the effective default locale. */
const definedFor = (env: Env) => {
  const { site, types, metrics, responses, links } = definitions
  const defined = {
    site: { name: site.name, default_locale: knownDefaultLocale(env) ?? site.default_locale },
    types,
    leaderboards: listedBoards,
    metrics,
    ...(responses && { responses }),
    links,
  }
  return { version: createHash('sha256').update(JSON.stringify(defined)).digest('hex'), ...defined }
}

/** `GET /v1/definitions`. The position comes from the log summary, so it answers even while D1 is down. */
export const readDefinitions = endpoint({
  id: 'readDefinitions',
  tag: 'Definitions',
  summary: 'Get what this site counts',
  description:
    'The types of contributions, the leaderboards, the metrics and the links of this site. They change only with a deployment, and `version` changes with them.',
  query: noParameters,
  answer,
  cached: true,
  examples: { Now: {} },
  async handle(call) {
    const summary = await readSummary(call)
    if (isFailure(summary)) return summary
    const { position, ageSeconds } = summary
    return {
      body: { ...definedFor(call.env), as_of: formatInstant(call.now), position },
      freshness: 'live',
      ageSeconds,
    }
  },
})
