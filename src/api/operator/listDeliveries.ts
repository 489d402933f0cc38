import * as z from 'zod/mini'
import { formatInstant } from '../../contributions/instant.ts'
import { described, documented } from '../../http/documented.ts'
import { endpoint } from '../../http/endpoint.ts'
import { callObject } from '../../projections/objects.ts'
import { sequencerOf } from '../../projections/Sequencer.ts'
import { formatNullable } from '../moment.ts'
import { noParameters } from '../parameters.ts'
import * as shape from '../shapes.ts'

const deliveryDay = z
  .strictObject({
    date: described(shape.day, 'The day, in UTC'),
    messages: shape.counted('Messages that were answered with 200'),
    refused: shape.counted(
      'Messages with a valid signature that were refused, because they were not JSON or not valid',
    ),
    recorded: shape.counted('Contributions that were new'),
    duplicate: shape.counted('Contributions that were recorded before with the same facts'),
    conflict: shape.counted('Contributions that were recorded before with other facts'),
    ignored: shape.counted('Items that are not recorded: spam, or about a system account'),
    applied: shape.counted('Other items that changed something'),
    unchanged: shape.counted('Other items that changed nothing'),
  })
  .register(documented, {
    id: 'DeliveryDay',
    description: 'The messages of one day in UTC, and the outcomes of their items',
  })

const answer = z
  .strictObject({
    as_of: described(shape.instant, 'When the counts were read'),
    last_message_at: z
      .nullable(shape.instant)
      .register(documented, { description: 'When the last message with a valid signature arrived' }),
    days: z
      .array(deliveryDay)
      .register(documented, { description: 'The last 90 days that had messages, newest first' }),
  })
  .register(documented, { id: 'Deliveries', description: 'The webhooks of each day' })

/** `GET /v1/deliveries`, answered from the memory of one object. */
export const listDeliveries = endpoint({
  id: 'listDeliveries',
  tag: 'Operating',
  summary: 'Get webhook counts by day',
  description:
    'How many webhooks arrived on each day, and the outcomes of their items. These counts are not part of the log: a crash may lose those of the last 8 s, and backfills are not counted. Messages without a valid signature appear only in the Worker’s logs.',
  query: noParameters,
  answer,
  cached: false,
  examples: { Now: {} },
  async handle({ env, now, timing }) {
    const { lastAt, days } = await timing.time(
      'object',
      callObject(
        () => sequencerOf(env),
        async (sequencer) => await sequencer.deliveries(),
      ),
    )
    return {
      body: { as_of: formatInstant(now), last_message_at: formatNullable(lastAt), days },
      freshness: 'never',
    }
  },
})
