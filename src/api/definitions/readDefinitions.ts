import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { defaultLocaleOf } from '../../configuration.ts'
import { formatInstant } from '../../contributions/instant.ts'
import { definitions } from '../../definitions/definitions.ts'
import { isFailure } from '../../failure.ts'
import { documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listedBoard, listedBoards } from '../leaderboards/listLeaderboards.ts'
import { readSummary } from '../operator/readSummary.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'

const color = z.string().check(z.regex(/^#[0-9a-f]{6}$/))

const definedType = z.strictObject({
  type: shape.contributionType,
  title: z.string(),
  one: z.string().register(documented, { description: 'The noun after the number 1' }),
  many: z.string().register(documented, { description: 'The noun after any other number' }),
  color: z
    .strictObject({ light: color, dark: color })
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
  title: z.string(),
  description: z.string(),
  ...shape.rule,
  min: z.int().check(z.gte(1)),
  window_days: z.int().check(z.gte(1)),
})

const answer = z
  .strictObject({
    version: z
      .string()
      .check(z.regex(/^[0-9a-f]{64}$/))
      .register(documented, { description: 'A hash of the definitions, which changes whenever they change' }),
    site: z.strictObject({ name: z.string(), default_locale: z.string() }),
    types: z.array(definedType).check(z.length(definitions.types.length)),
    leaderboards: z.array(listedBoard).check(z.length(definitions.leaderboards.length)),
    metrics: z.array(definedMetric).check(z.length(definitions.metrics.length)),
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
  .register(documented, { id: 'Definitions' })

/** The definitions, with the effective default locale. */
const definedFor = (env: Env) => {
  const { site, types, metrics, responses, links } = definitions
  const defined = {
    site: { name: site.name, default_locale: defaultLocaleOf(env) },
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
