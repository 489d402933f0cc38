import type { Call } from '../../http/endpoint.ts'
import { fetchHere } from '../api/fetchHere.ts'
import type { View } from '../page.tsx'
import { Island } from '../parts/Island.tsx'
import type { Texts } from '../texts/texts.ts'
import { Status } from './Status.tsx'
import { service } from './statusQueries.ts'

/** `GET /status`: whether the service works, for everyone, and its deliveries, for the operator. Never cached. */
export const showStatus = async (call: Call, { text }: Texts): Promise<View> => {
  const result = await call.timing.time('object', service.load(fetchHere(call).fetchApi))
  return {
    title: text('status.title'),
    description: text('status.description'),
    script: 'status',
    freshness: 'never',
    main: <Island Part={Status} props={{ view: result.ok ? result.body : undefined }} />,
  }
}
