import * as z from 'zod/mini'
import { linkOf } from '../../definitions/links.ts'
import { formatInstant, type Instant, windowOf, type Span } from '../../contributions/instant.ts'
import { isFailure, type Result, LogUnavailable } from '../../failure.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint, type Call } from '../../http/endpoint.ts'
import type { RestOfTable } from '../../http/streamTable.ts'
import type { ListKey } from '../../projections/user/userEvents.ts'
import { aboutUser, forASecond, type Holds } from '../../memory/AnswerMemory.ts'
import type {
  CounterAnswer,
  CounterMoment,
  Listing,
  UserContributions,
} from '../../projections/user/UserCounter.ts'
import {
  freshnessOf,
  formatCursor,
  pageStartOf,
  type PageStart,
  asOfParameter,
  cursorParameter,
  isWhole,
  restMax,
  wholePage,
} from '../moment.ts'
import {
  atLeastParameter,
  limitParameter,
  localeParameter,
  productParameter,
  typeParameter,
} from '../parameters.ts'
import { spanOf, spanParameters } from '../periods.ts'
import * as shape from '../shapes.ts'
import { readCounter } from './readCounter.ts'

const limitMax = 1000

const querySchema = z.strictObject({
  type: typeParameter,
  ...spanParameters({ default: 'all' }),
  locale: localeParameter,
  product: productParameter,
  as_of: asOfParameter,
  at_least: atLeastParameter,
  limit: z._default(limitParameter(limitMax), 20),
  cursor: cursorParameter,
})

type Query = z.infer<typeof querySchema>

const labelledContent = z
  .strictObject({
    ...shape.content.shape,
    title: z.optional(z.string()).register(documented, {
      description: 'Left out if the site sent none, or if the content was retracted as spam',
    }),
    url: z.optional(z.string()).register(documented, {
      description:
        'The URL that the site sent, or else one made from the site’s link template; left out if there is neither',
    }),
  })
  .register(documented, {
    id: 'LabelledContent',
    description: 'What a contribution is about, with its title and address at the site',
  })

const contribution = z
  .strictObject({
    ...shape.facts,
    content: labelledContent,
    position: shape.eventPosition,
    deleted_at: z
      .nullable(shape.instant)
      .register(documented, { description: 'When the site deleted the content; null if it did not' }),
    amended: z.boolean().register(documented, {
      description: 'Whether any amendment applies. All values are the current ones',
    }),
  })
  .register(documented, { id: 'Contribution', description: 'A contribution that stands' })

const answer = z
  .strictObject({
    contributions: described(z.array(contribution), 'Newest first, by `occurred_at`'),
    ...shape.moment,
    next_cursor: shape.nextCursor,
  })
  .register(documented, { id: 'ContributionList', description: 'A page of a user’s contributions' })

type Listed = UserContributions['contributions'][number]

const deletedAtOf = ({ deletedAt }: Listed): string | null =>
  deletedAt === null ? null : formatInstant(deletedAt)

const urlOf = ({ content, url }: Listed): string | null => linkOf({ ...content, url })

const labelled = (listed: Listed) => {
  const [{ content, title }, url] = [listed, urlOf(listed)]
  return { ...content, ...(title !== null && { title }), ...(url !== null && { url }) }
}

const toItem = (listed: Listed) => ({
  type: listed.type,
  occurred_at: formatInstant(listed.occurredAt),
  content: labelled(listed),
  parent: listed.parent,
  locale: listed.locale,
  product: listed.product,
  self: listed.self,
  position: listed.position,
  deleted_at: deletedAtOf(listed),
  amended: listed.amended,
})

const toCells = (listed: Listed) => [
  listed.type,
  formatInstant(listed.occurredAt),
  listed.content.type,
  listed.content.id,
  listed.parent?.type ?? null,
  listed.parent?.id ?? null,
  listed.locale,
  listed.product,
  listed.self,
  listed.position,
  deletedAtOf(listed),
  listed.amended,
  listed.title,
  urlOf(listed),
]

const listingOf = (call: Call<Query>, span: Span, start: PageStart): Listing => ({
  window: windowOf(span, start.asOf, start.live),
  type: call.query.type,
  locale: call.query.locale,
  product: call.query.product,
  position: start.position,
  after: start.after && { occurredAt: start.after[0], position: start.after[1] },
  limit: isWhole(call) ? wholePage : call.query.limit,
})

const nextCursorOf = (
  request: Request,
  { asOf, live }: PageStart,
  { contributions, more, position }: UserContributions & { position: number },
): string | null => {
  const last = contributions.at(-1)
  if (!more || !last) return null
  return formatCursor(request, { asOf, live, position, after: [last.occurredAt, last.position] })
}

/**
 * How long a list may be reused. Titles and deletions may change without an event of the user, and thus without a new
 * position, so a list is reused for only a second, and not at all if the request has `at_least`. Pages of a longer list
 * are not reused, because their cursors pin a position and an instant. Neither are lists over a window that moves with
 * the clock.
 */
const holdsFor = (
  { cursor, window, at_least }: Query,
  { live }: PageStart,
  { more, reflects }: UserContributions & Pick<CounterMoment, 'reflects'>,
  now: Instant,
): Holds | undefined =>
  cursor !== undefined || at_least > 0 || more || (live && typeof window === 'number')
    ? undefined
    : aboutUser(forASecond(now).until, reflects)

/** Reads a page of the list from the counter of the user in the path. */
const readList = async (call: Call<Query>, listing: Listing): Promise<CounterAnswer<UserContributions>> =>
  await readCounter(call, async (counter, request): Promise<CounterAnswer<UserContributions>> =>
    counter.list(request, listing),
  )

const keyOf = ({ occurredAt, position }: Listed): ListKey => ({ occurredAt, position })

/** The pages of a list after a contribution, up to the maximum length of a whole list. */
async function* readPages(call: Call<Query>, listing: Listing, last: Listed): RestOfTable['pages'] {
  let after = keyOf(last)
  for (let left = restMax; left > 0; left -= wholePage) {
    const page = await readList(call, { ...listing, after, limit: Math.min(left, wholePage) })
    if (isFailure(page)) throw new LogUnavailable('The counter cannot continue a list')
    yield page.contributions.map(toCells)
    const end = page.contributions.at(-1)
    if (!page.more || !end) return
    after = keyOf(end)
  }
}

/** The rest of the list after its first page, if the whole list is requested; undefined if there is none. */
const readRest = async (
  call: Call<Query>,
  span: Span,
  start: PageStart,
  { contributions, more, position }: UserContributions & { position: number },
): Promise<Result<RestOfTable> | undefined> => {
  const last = contributions.at(-1)
  if (!isWhole(call) || !more || !last) return undefined
  const listing = { ...listingOf(call, span, start), position, after: keyOf(last) }
  const cut = await readList(call, { ...listing, offset: restMax - 1, limit: 1 })
  if (isFailure(cut)) return cut
  const cursor = nextCursorOf(call.request, start, { ...cut, position })
  return { pages: readPages(call, listing, last), next: cursor === null ? null : { cursor, limit: limitMax } }
}

/** `GET /v1/users/{id}/contributions`. */
export const listUserContributions = endpoint({
  id: 'listUserContributions',
  tag: 'Users',
  summary: 'List the contributions behind a user’s numbers',
  description:
    'The events behind the user’s numbers, newest first; of events at the same instant, the one with the highest position first. All pages together have exactly as many events as the number for the same type and the same window or period.',
  path: shape.userPath,
  query: querySchema,
  answer,
  columns: [
    'type',
    'occurred_at',
    'content_type',
    'content_id',
    'parent_type',
    'parent_id',
    'locale',
    'product',
    'self',
    'position',
    'deleted_at',
    'amended',
    'content_title',
    'content_url',
  ],
  cached: true,
  problems: ['not-found'],
  examples: {
    'The two newest': { path: { id: 42 }, query: { limit: 2 } },
    'Answers of 30 days': { path: { id: 42 }, query: { type: 'answer', window: '30d' } },
  },
  async handle(call) {
    const { request, query } = call
    const start = pageStartOf(request, query, call.now)
    if (isFailure(start)) return start
    const span = spanOf(query, null)
    if (isFailure(span)) return span
    const found = await readList(call, listingOf(call, span, start))
    if (isFailure(found)) return found
    const rest = await readRest(call, span, start, found)
    if (isFailure(rest)) return rest
    const { contributions, position, ageSeconds } = found
    return {
      body: {
        contributions: contributions.map(toItem),
        as_of: formatInstant(start.asOf),
        position,
        next_cursor: nextCursorOf(request, start, found),
      },
      table: () => contributions.map(toCells),
      rest,
      freshness: freshnessOf(start),
      ageSeconds,
      holds: holdsFor(query, start, found, call.now),
    }
  },
})
