import { guides, problemList, problemPages, reference } from '../../build/generated/reference.js'
import { notFound, type Failure } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import { problems, type ProblemName } from '../http/problem.ts'
import type { View } from './page.tsx'
import type { Texts } from './texts/texts.ts'

/*
 * The pages of the API reference, which `npm run build` renders from the endpoints (build/reference/). They are in
 * English only.
 */

/** A page rendered by the build. Tells readers of another language that it is in English. */
const view = (
  frame: Pick<View, 'title' | 'description' | 'script'>,
  content: { class: 'reference' | 'explained'; html: string },
  { text, language }: Texts,
): View => ({
  ...frame,
  titleLanguage: 'en',
  stylesheet: 'reference',
  freshness: 'past',
  main: (
    <>
      {!language.startsWith('en') && <p class="in-english soft">{text('docs.english')}</p>}
      <div class={content.class} lang="en" dangerouslySetInnerHTML={{ __html: content.html }} />
    </>
  ),
})

/** `GET /docs`. */
export const showReference = (_: Call, texts: Texts): View =>
  view(
    {
      title: 'API reference',
      description: 'Every endpoint of the API: parameters, responses, and requests to copy',
      script: 'reference',
    },
    { class: 'reference', html: reference },
    texts,
  )

/** `GET /docs/{guide}`: a guide of docs/. */
export const showGuide = ({ params }: Call, texts: Texts): View | Failure => {
  const name = params['guide'] ?? ''
  const guide = Object.hasOwn(guides, name) ? guides[name] : undefined
  if (guide === undefined) return notFound('No such guide: see /docs for the list')
  const { title, description, html } = guide
  return view({ title, description, script: 'reference' }, { class: 'reference', html }, texts)
}

/** `GET /problems`: the list of all problems. */
export const showProblems = (_: Call, texts: Texts): View =>
  view(
    { title: 'Problems', description: 'Every error of the API, and how to fix it' },
    { class: 'explained', html: problemList },
    texts,
  )

/** `GET /problems/{name}`: when a problem happens, and what to do about it. */
export const showProblem = ({ params }: Call, texts: Texts): View | Failure => {
  const name = (Object.keys(problems) as ProblemName[]).find((candidate) => candidate === params['name'])
  if (name === undefined) return notFound('No such problem: see /problems for the list')
  const { title, when } = problems[name]
  return view({ title, description: when }, { class: 'explained', html: problemPages[name] ?? '' }, texts)
}
