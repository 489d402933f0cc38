import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { prefers } from '../http/answers/accept.ts'
import type { Answer } from '../http/answers/answer.ts'
import { pageResponse } from '../http/answers/page.ts'
import { isProblem, problemResponse, problems, type Problem } from '../http/problem.ts'
import type { Call, Route } from '../http/route.ts'
import { Layout, type Frame } from './Layout.tsx'
import { Refusal } from './Refusal.tsx'

/** What a page shows: its main part, and what stands around it. All text is escaped when it is rendered. */
export interface View extends Frame {
  main: ComponentChildren
  freshness: Answer['freshness']
  /** All that decides what the page shows but for the moment and the deployment; what is rendered if left out. */
  lasting?: string
}

interface Told {
  status: number
  /** The version of the Worker that renders a page which caches may keep. */
  deployment?: string
  headers?: Record<string, string> | undefined
}

const respond = async (request: Request, view: View, told: Told): Promise<Response> => {
  const { main, freshness, lasting, ...frame } = view
  const path = new URL(request.url).pathname
  const html = renderToString(
    <Layout {...frame} path={path}>
      {main}
    </Layout>,
  )
  const { status, headers = {}, deployment } = told
  return await pageResponse(request, {
    document: `<!doctype html>${html}`,
    status,
    freshness,
    headers,
    lasting: `${deployment} ${lasting ?? html}`,
  })
}

/** A problem as a page of its own, with the problem's status. */
const refuse = async (request: Request, problem: Problem): Promise<Response> => {
  const { status, title } = problems[problem.problem]
  const main = <Refusal problem={problem} />
  return await respond(request, { title, main, freshness: 'never' }, { status, headers: problem.headers })
}

/** Says that there is nothing here: as a page to a browser that looks for one, as a problem to a client of the API. */
export const refuseUnknown = async (request: Request, problem: Problem): Promise<Response> => {
  const isApi = /^\/v1(?:\/|$)/.test(new URL(request.url).pathname)
  const isPage = !isApi && prefers(request.headers.get('accept'), 'text/html')
  return isPage ? await refuse(request, problem) : problemResponse(problem)
}

/**
 * A page for people: GET and HEAD, by the site's own address only. Its problems are pages too. `parametersOf` says
 * which parameters of a query the page depends on: any other address, as of a link that somebody marked with
 * `utm_source`, is redirected to the one with these.
 */
export const page = (
  path: string,
  show: (call: Call) => Promise<View | Problem> | View | Problem,
  parametersOf: (search: string) => Record<string, string> = () => ({}),
): Route => ({
  method: 'GET',
  path,
  shared: false,
  isPrivate: false,
  isList: false,
  canonical: (search) => new URLSearchParams(parametersOf(search)).toString(),
  operation: undefined,
  limited: 'reads',
  async handle(call) {
    const view = await show(call)
    return isProblem(view)
      ? await refuse(call.request, view)
      : await respond(call.request, view, { status: 200, deployment: call.env.DEPLOYMENT.id })
  },
  refuse,
})
