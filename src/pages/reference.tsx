import { guides, problemList, problemPages, reference } from '../../build/generated/reference.js'
import { notFound, type Failure } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import { problems, type ProblemName } from '../http/problem.ts'
import type { View } from './page.tsx'

/*
 * The pages of the API reference, which `npm run build` renders from the endpoints (build/reference/). They are in
 * English only.
 */

const explained = (html: string) => (
  <article class="explained" lang="en" dangerouslySetInnerHTML={{ __html: html }} />
)

/** `GET /docs`. */
export const showReference = (): View => ({
  title: 'API reference',
  description: 'Every endpoint of the API: parameters, responses, and requests to copy',
  script: 'reference',
  stylesheet: 'reference',
  freshness: 'past',
  main: <div class="reference" lang="en" dangerouslySetInnerHTML={{ __html: reference }} />,
})

/** `GET /docs/{guide}`: a guide of docs/. */
export const showGuide = ({ params }: Call): View | Failure => {
  const name = params['guide'] ?? ''
  const guide = Object.hasOwn(guides, name) ? guides[name] : undefined
  if (guide === undefined) return notFound('No such guide: see /docs for the list')
  return {
    title: guide.title,
    description: guide.description,
    script: 'reference',
    stylesheet: 'reference',
    freshness: 'past',
    main: <div class="reference" lang="en" dangerouslySetInnerHTML={{ __html: guide.html }} />,
  }
}

/** `GET /problems`: the list of all problems. */
export const showProblems = (): View => ({
  title: 'Problems',
  description: 'Every error of the API, and how to fix it',
  stylesheet: 'reference',
  freshness: 'past',
  main: explained(problemList),
})

/** `GET /problems/{name}`: when a problem happens, and what to do about it. */
export const showProblem = ({ params }: Call): View | Failure => {
  const name = (Object.keys(problems) as ProblemName[]).find((candidate) => candidate === params['name'])
  if (name === undefined) return notFound('No such problem: see /problems for the list')
  const { title, when } = problems[name]
  return {
    title,
    description: when,
    stylesheet: 'reference',
    freshness: 'past',
    main: explained(problemPages[name] ?? ''),
  }
}
