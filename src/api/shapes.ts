import * as z from 'zod/mini'
import { boards, contributionTypes, forEachType, metrics } from '../definitions/definitions.ts'
import { localeRules } from '../definitions/schema.ts'
import { described, documented } from '../http/documented.ts'
import type { Counts } from '../projections/user/userCounts.ts'

/* The schemas shared by answers and paths, each defined once, with its description. */

export const instant = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))
  .register(documented, { format: 'date-time' })

export const day = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}$/))
  .register(documented, { format: 'date' })

const count = z.int().check(z.gte(0))

/** A count, and what it counts. */
export const counted = (description: string) => described(count, description)

/** A count for each type of contribution. */
export const countedByType = () => forEachType(({ many }) => counted(`How many ${many}`))

/** A range of days. */
export const days = {
  from: described(day, 'The first day of the range'),
  to: described(day, 'The day after the last one'),
}

/** A whole number from 1 on, and what it says. */
export const positive = (description: string) => z.int().check(z.gte(1)).register(documented, { description })

export const timeZone = z.string().register(documented, { description: 'The time zone of calendar days' })

/** The measured count of a user in a ranking or a list. */
export const measured = positive('The user’s number of contributions, or of what `measure` selects')

/** The points of a series. */
export const points = <Point extends z.ZodMiniType>(point: Point, most: number) =>
  z
    .array(point)
    .check(z.maxLength(most))
    .register(documented, { description: 'One for each interval, oldest first, even without contributions' })

/** The length of intervals. */
export const interval = <Name extends string>(names: readonly Name[]) =>
  z.enum(names).register(documented, { description: 'How long each interval is' })

/** The date of a point that covers an interval. */
export const date = described(day, 'The first day of the interval')

/** Whether an interval is over. */
export const complete = z
  .boolean()
  .register(documented, { description: 'Whether the whole interval lies before `as_of`' })

/** The position of an event. */
export const eventPosition = positive('The position in the log; of a contribution, that of its first event')

/** The log position that an answer reflects. */
export const position = counted('The log position that the answer reflects')

/** Part of every answer. */
export const moment = { as_of: described(instant, 'The instant that the answer is for'), position }

export const nextCursor = z.nullable(z.string()).register(documented, {
  description: 'Send it as `cursor` for the next page; null at the end',
})

export const contributionType = z
  .enum(contributionTypes)
  .register(documented, { id: 'ContributionType', description: 'What kind of contribution it is' })

const name = (description: string) => z.nullable(z.string()).register(documented, { description })

export const userId = positive('The site’s ID of the user')

export const user = z
  .strictObject({
    id: userId,
    username: name('The name that identifies the user on the site'),
    display_name: name('The name that the user chose to show'),
    avatar_url: name('An https URL of the user’s picture'),
  })
  .register(documented, {
    id: 'User',
    description:
      'A user as shown in public. A field is null if no message gave it a value, or an erasure removed it',
  })

export const counts: z.ZodMiniType<Counts> = z
  .strictObject({ total: counted('How many of all types'), ...countedByType() })
  .register(documented, { id: 'Counts', description: 'Contributions that stand, in total and by type' })

export const window = z
  .strictObject({
    from: described(z.nullable(instant), 'Where the range begins, inclusive; null if it has no beginning'),
    to: described(z.nullable(instant), 'Where the range ends, exclusive; null if it has no end'),
  })
  .register(documented, {
    id: 'Window',
    description: 'A range of `occurred_at`',
  })

export const content = z
  .strictObject({
    type: z.string().register(documented, { description: 'The site’s name for this type of content' }),
    id: z.string().register(documented, { description: 'The site’s ID, unique among content of the type' }),
  })
  .register(documented, {
    id: 'Content',
    description: 'What a contribution is about, in the site’s own terms',
  })

/** The facts of a contribution, which its events repeat. */
export const facts = {
  type: contributionType,
  occurred_at: described(instant, 'When the contribution happened, according to the site'),
  content,
  parent: z.nullable(content).register(documented, {
    description: 'The question of an answer, the document of a revision; null if there is none',
  }),
  locale: z.string().register(documented, { description: 'Empty where the site gave none' }),
  product: z.string().register(documented, { description: 'Empty where the site gave none' }),
  self: z
    .boolean()
    .register(documented, { description: 'Whether it is about the contributor’s own content' }),
}

/** The rule of a board or a metric. */
export const rule = {
  types: z.array(contributionType).register(documented, { description: 'The types that count' }),
  counts_self: z
    .boolean()
    .register(documented, { description: 'Whether contributions to one’s own content count' }),
  locale: z.enum(localeRules).register(documented, {
    description:
      'Which locales count: `default`, only the default locale; `other`, any other non-empty one; `any`, any or none',
  }),
}

/** What a page shows about a board or a metric. */
export const labels = {
  title: z.string().register(documented, { description: 'Its name on pages' }),
  description: z.string().register(documented, { description: 'What it counts, in a sentence' }),
}

/** The minimum count of a metric. */
export const min = positive('The minimum count for a person to be included')

/* Path parameters. A value that does not match gives 404, not 400. */

export const userPath = z.strictObject({
  id: z.int().check(z.gte(1)).register(documented, {
    description: 'The site’s user ID, without leading zeros',
  }),
})

export const boardPath = z.strictObject({
  board: z
    .enum(boards.map(({ board }) => board))
    .register(documented, { id: 'Board', description: 'The name of a leaderboard' }),
})

export const metricPath = z.strictObject({
  metric: z
    .enum(metrics.map(({ metric }) => metric))
    .register(documented, { id: 'Metric', description: 'The name of a metric' }),
})
