import { InvalidArgumentError } from 'commander'
import type * as z from 'zod/mini'
import { formatInstant, type Instant } from '../../contributions/instant.ts'
import { contributionTypes, typeDefinition, type ContributionType } from '../../definitions/definitions.ts'
import { isFailure } from '../../failure.ts'
import { parseContribution } from '../../ingest/message.ts'
import { contributionSchema } from '../../ingest/schemas.ts'
import { CommandMisuse } from '../command.ts'
import { listed } from '../console/format.ts'

/** The options that describe a contribution. */
export interface ContributionOptions {
  type?: ContributionType
  user?: number
  username?: string
  name?: string
  content?: { type: string; id: string }
  parent?: { type: string; id: string }
  locale?: string
  product?: string
  self?: boolean
  occurredAt?: Instant
}

/** A parser for an option's value, with the webhook's rules and error messages for that field. */
const parserOf =
  <Value>(schema: z.ZodMiniType<Value>, toInput: (text: string) => unknown = (text) => text) =>
  (text: string): Value => {
    const parsed = schema.safeParse(toInput(text))
    if (parsed.success) return parsed.data
    const [{ message } = { message: '' }] = parsed.error.issues
    throw new InvalidArgumentError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`)
  }

const toContent = (text: string): unknown => {
  const [type, ...id] = text.split(':')
  if (id.length === 0) throw new InvalidArgumentError('Use TYPE:ID, like questions.answer:17.')
  return { type, id: id.join(':') }
}

/** Text that is not decimal digits stays text, which the schema rejects: Number would read "0x2A" as 42. */
const toUserId = (text: string): unknown => (/^[1-9][0-9]*$/.test(text) ? Number(text) : text)

const fields = contributionSchema.shape

/** Parsers for the values of the options. */
export const parsers = {
  type: parserOf(fields.type),
  user: parserOf(fields.user.shape.id, toUserId),
  name: parserOf(fields.user.shape.display_name),
  content: parserOf(fields.content, toContent),
  parent: parserOf(fields.parent, toContent),
  locale: parserOf(fields.locale),
  product: parserOf(fields.product),
  occurredAt: parserOf(fields.occurred_at),
}

const exampleType = contributionTypes.find((type) => type === 'answer') ?? contributionTypes[0] ?? ''

/** Example options that are valid with any definitions. */
export const exampleOptions = [
  `--type ${exampleType} --user 42 --name Ana --content questions.answer:17`,
  ...(typeDefinition(exampleType).needs_parent ? ['--parent questions.question:16'] : []),
].join(' ')

const throwMissing = (options: ContributionOptions): never => {
  const missing = (['type', 'user', 'content'] as const).filter((name) => options[name] === undefined)
  const names = listed(missing.map((name) => `--${name}`))
  throw new CommandMisuse(`Missing ${names}. For example: npm run send -- ${exampleOptions}`)
}

/**
 * The `contribution.created` message for the options. The contribution is dated `now` unless the options say otherwise.
 * Throws CommandMisuse if the webhook would reject it.
 */
export const messageOf = (options: ContributionOptions, now: Instant) => {
  const { type, user, content, username, name, parent, locale, product, self, occurredAt = now } = options
  if (type === undefined || user === undefined || content === undefined) return throwMissing(options)
  const { one, needs_parent: needsParent } = typeDefinition(type)
  if (needsParent && parent === undefined)
    throw new CommandMisuse(`Missing --parent: each ${one} needs a parent. Use TYPE:ID, like --content`)
  const occurred_at = formatInstant(occurredAt)
  const contribution = {
    type,
    user: {
      id: user,
      ...(username !== undefined && { username }),
      ...(name !== undefined && { display_name: name }),
    },
    occurred_at,
    content,
    ...(parent && { parent }),
    ...(locale !== undefined && { locale }),
    ...(product !== undefined && { product }),
    ...(self && { self }),
  }
  const checked = parseContribution(contribution, now, occurredAt)
  if (isFailure(checked))
    throw new CommandMisuse(`Invalid --occurred-at: ${checked.issues.map(({ detail }) => detail).join('; ')}`)
  return { type: 'contribution.created', timestamp: occurred_at, data: [contribution] }
}
