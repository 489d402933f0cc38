import { renderToString } from 'preact-render-to-string'
import { problems, type ProblemName } from '../../src/http/problem.ts'
import { routes } from '../../src/routes.ts'
import { documentOf } from '../openapi/document.ts'
import { GuideContents } from './Contents.tsx'
import { guides, renderGuide } from './guides.tsx'
import { Problem, Problems } from './Problems.tsx'
import { Reference } from './Reference.tsx'

const document = documentOf(routes)

/** The exports of generated/reference.js, which the Worker serves. */
export const rendered = {
  openApi: JSON.stringify(document),
  reference: renderToString(<Reference document={document} />),
  guides: Object.fromEntries(
    guides.map((guide) => {
      const { html, headings } = renderGuide(guide)
      const page = (
        <>
          <GuideContents name={guide.name} parts={headings} />
          <article class="guide" dangerouslySetInnerHTML={{ __html: html }} />
        </>
      )
      const { title, description } = guide
      return [guide.name, { title, description, html: renderToString(page) }]
    }),
  ),
  problemList: renderToString(<Problems />),
  problemPages: Object.fromEntries(
    Object.keys(problems).map((name) => [name, renderToString(<Problem name={name as ProblemName} />)]),
  ),
}
