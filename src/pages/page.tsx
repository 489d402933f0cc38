import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { prefers } from '../http/requestHeaders.ts'
import type { Freshness } from '../http/responseHeaders.ts'
import { respondHtml } from '../http/respondHtml.ts'
import { isFailure, type Failure } from '../failure.ts'
import type { Call, Route } from '../http/endpoint.ts'
import { problemOf, problemResponse, problems } from '../http/problem.ts'
import { Layout, type Frame } from './Layout.tsx'
import { ProblemDetails } from './ProblemDetails.tsx'

/** What a page shows: its main part, and what stands around it. All text is escaped when it is rendered. */
export interface View extends Frame {
  main: ComponentChildren
  freshness: Freshness
  /** What decides what the page shows, apart from the instant and the deployment. Default: the HTML itself. */
  stable?: string
}

interface Sent {
  status: number
  /** The version of the Worker that renders a page which caches may keep. */
  deployment?: string
  headers?: Record<string, string> | undefined
}

const respond = async (request: Request, view: View, sent: Sent): Promise<Response> => {
  const { main, freshness, stable, ...frame } = view
  const path = new URL(request.url).pathname
  const html = renderToString(
    <Layout {...frame} path={path}>
      {main}
    </Layout>,
  )
  const { status, headers = {}, deployment } = sent
  return await respondHtml(request, {
    document: `<!doctype html>${html}`,
    status,
    freshness,
    headers,
    stable: `${deployment} ${stable ?? html}`,
  })
}

/** A failure as a page, with the failure's status. */
const respondFailure = async (request: Request, failure: Failure): Promise<Response> => {
  const problem = problemOf(failure)
  const { status, title } = problems[problem.problem]
  const main = <ProblemDetails problem={problem} />
  return await respond(request, { title, main, freshness: 'never' }, { status, headers: problem.headers })
}

/** Answers a path that no route has: with a page for a browser, with a problem for a client of the API. */
export const respondNotFound = async (request: Request, failure: Failure): Promise<Response> => {
  const isApi = /^\/v1(?:\/|$)/.test(new URL(request.url).pathname)
  const isPage = !isApi && prefers(request.headers.get('accept'), 'text/html')
  return isPage ? await respondFailure(request, failure) : problemResponse(failure)
}

/**
 * A page for people: GET and HEAD. Its failures are pages too. `parametersOf` gives the parameters of a query that the
 * page depends on; an address with any others, such as `utm_source`, is redirected to the one with these.
 */
export const page = (
  path: string,
  show: (call: Call) => Promise<View | Failure> | View | Failure,
  parametersOf: (search: string) => Record<string, string> = () => ({}),
): Route => ({
  method: 'GET',
  path,
  access: 'page',
  endpoint: undefined,
  canonical: (search) => new URLSearchParams(parametersOf(search)).toString(),
  async handle(call) {
    const view = await show(call)
    return isFailure(view)
      ? await respondFailure(call.request, view)
      : await respond(call.request, view, { status: 200, deployment: call.env.DEPLOYMENT.id })
  },
  respondFailure,
})
