import * as z from 'zod/mini'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { atLeastParameter, daysParameters, timeZoneParameter, typeParameter } from '../../parameters.ts'
import { userPath } from '../../paths.ts'
import { count, day, moment } from '../../shapes.ts'

const calendarAnswer = z
  .strictObject({
    from: day,
    to: day,
    time_zone: z.string(),
    ...moment,
    days: z
      .array(z.strictObject({ date: day, count: z.int().check(z.gte(1)) }))
      .register(documented, { description: 'Only the days with some' }),
    total: count,
    current_streak: z.int().check(z.gte(0)).register(documented, {
      description: 'The run of days that ends on the range’s last day or the day before; 0 if none does',
    }),
    longest_streak: count,
  })
  .register(documented, { id: 'Calendar' })

export const readUserCalendarOperation = describe({
  id: 'readUserCalendar',
  tag: 'Users',
  summary: 'On which days a user contributed',
  description: `The days with contributions in \`[from, to)\`, at most 3,660 days; by default the 365 days that end with today in the time zone. Streaks are runs of days with some inside the range.`,
  path: userPath,
  query: z.strictObject({
    ...daysParameters,
    time_zone: timeZoneParameter,
    type: typeParameter,
    at_least: atLeastParameter,
  }),
  answer: calendarAnswer,
  columns: ['date', 'count'],
  cached: true,
  problems: ['not-found'],
  examples: {
    'A month in Lisbon': {
      path: { id: 42 },
      query: { from: '2026-11-01', to: '2026-12-01', time_zone: 'Europe/Lisbon' },
    },
  },
})
