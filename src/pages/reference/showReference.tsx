import { documentOf } from '../../openapi/document.ts'
import type { Call } from '../../http/endpoint.ts'
import type { View } from '../page.tsx'
import { Reference } from './Reference.tsx'

/** `GET /docs`: the API reference, from the very document that programs read. */
export const showReference = ({ routes }: Call): View => ({
  title: 'API reference',
  description: 'Every address of the API: what it takes, what it answers, and requests to copy',
  script: 'reference',
  stylesheet: 'reference',
  freshness: 'past',
  main: <Reference document={documentOf(routes)} />,
})
