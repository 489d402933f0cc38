import { renderToString } from 'preact-render-to-string'
import { problems, type ProblemName } from '../../src/http/problem.ts'
import { routes } from '../../src/routes.ts'
import { documentOf } from '../openapi/document.ts'
import { Problem, Problems } from './Problems.tsx'
import { Reference } from './Reference.tsx'

const document = documentOf(routes)

/** What the Worker serves of the reference: the exports of generated/reference.js. */
export const rendered = {
  openApi: JSON.stringify(document),
  reference: renderToString(<Reference document={document} />),
  problemList: renderToString(<Problems />),
  problemPages: Object.fromEntries(
    Object.keys(problems).map((name) => [name, renderToString(<Problem name={name as ProblemName} />)]),
  ),
}
