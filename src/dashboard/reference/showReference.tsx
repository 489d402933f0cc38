import { documentOf } from '../../http/openapi/document.ts'
import type { Route } from '../../http/route.ts'
import type { View } from '../page.tsx'
import { Reference } from './Reference.tsx'

/** `GET /docs`: the API reference, from the very document that programs read. */
export const showReference = (routes: () => readonly Route[]) => (): View => ({
  title: 'API reference',
  description: 'Every address of the API: what it takes, what it answers, and requests to copy',
  script: 'reference',
  stylesheet: 'reference',
  freshness: 'past',
  main: <Reference document={documentOf(routes())} />,
})
