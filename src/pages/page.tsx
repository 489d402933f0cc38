import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { pictureOriginsOf, publicOriginOf } from '../configuration.ts'
import { withoutNoise } from '../http/route.ts'
import { prefers, type Freshness } from '../http/headers.ts'
import { respondHtml } from './respondHtml.ts'
import { isFailure, type Failure } from '../failure.ts'
import { noSuchUser } from '../projections/user/UserCounter.ts'
import type { Call, Canonical, Route } from '../http/endpoint.ts'
import {
  isTemporary,
  problemOf,
  problemResponse,
  problems,
  type Problem,
  type ProblemName,
} from '../http/problem.ts'
import { textsOf } from './language.ts'
import { Layout, type PageFrame } from './Layout.tsx'
import { PictureOrigins } from './parts/Person.tsx'
import { unusedIn, type ParametersOf } from './parts/queryString.ts'
import { chosenLanguage, useTexts, type Texts } from './texts/texts.ts'

/** A page's main part and its surroundings. All text is escaped when it is rendered. */
export interface View extends PageFrame {
  main: ComponentChildren
  freshness: Freshness
  /**
   * What the ETag covers: changes only if the page shows something else, apart from its `as_of`. Default: the HTML
   * itself.
   */
  stable?: string
}

interface ResponseOptions {
  status: number
  /** The ID of the deployment, for pages that caches may keep: another deployment may render them differently. */
  deployment?: string
  /** The origins from which the page may load users' pictures. */
  pictureOrigins?: readonly string[]
  /** The origin that readers know the service by. */
  origin?: string
  headers?: Record<string, string> | undefined
}

const respond = async (request: Request, view: View, options: ResponseOptions): Promise<Response> => {
  const { main, freshness, stable, ...frame } = view
  const { status, headers = {}, deployment, pictureOrigins = [], origin = '' } = options
  const html = renderToString(
    <Layout {...frame} url={new URL(request.url)} origin={origin} texts={textsOf(request)}>
      <PictureOrigins value={pictureOrigins}>{main}</PictureOrigins>
    </Layout>,
  )
  return await respondHtml(request, {
    document: `<!doctype html>${html}`,
    status,
    freshness,
    headers,
    pictureOrigins,
    stable: `${deployment} ${stable ?? html}`,
  })
}

/** The problems for which pages have a text of their own. */
const explained = ['not-found', 'too-many-requests', 'unavailable'] as const

type Explanation = (typeof explained)[number] | 'internal' | 'no-contributor'

const explainedAs = (name: ProblemName): Explanation => explained.find((each) => each === name) ?? 'internal'

interface ProblemDetailsProps {
  problem: Problem
  kind: Explanation
}

/**
 * Describes a failure. A missing page is described by its detail in English, the only language in which that exists.
 * During an outage, the dashboard would fail too, so the page links to the status page.
 */
const ProblemDetails = ({ problem: { problem, detail }, kind }: ProblemDetailsProps) => {
  const { text, link, language } = useTexts()
  const isDetailed = kind === 'not-found' && language.startsWith('en')
  return (
    <section class="problem">
      <p class="eyebrow">{problems[problem].status}</p>
      <h1>{text(`problem.${kind}`)}</h1>
      <p class="lead">{isDetailed ? `${detail}.` : text(`problem.${kind}.text`)}</p>
      <p class="pages-links">
        {isTemporary(problem) && <a href="">{text('problem.again')}</a>}
        {isTemporary(problem) ? (
          <a href={link('/status')}>{text('problem.status')}</a>
        ) : (
          <a href={link('/')}>{text('problem.home')}</a>
        )}
      </p>
    </section>
  )
}

/** Responds to a failure with a page that has the failure's status. */
const respondFailure = async (request: Request, failure: Failure): Promise<Response> => {
  const problem = problemOf(failure)
  const { status } = problems[problem.problem]
  const kind = failure === noSuchUser ? 'no-contributor' : explainedAs(problem.problem)
  const title = textsOf(request).text(`problem.${kind}`)
  const main = <ProblemDetails problem={problem} kind={kind} />
  return await respond(request, { title, main, freshness: 'never' }, { status, headers: problem.headers })
}

/** Responds to a path without a route: with a page for browsers, and with a problem document for API clients. */
export const respondNotFound = async (request: Request, failure: Failure): Promise<Response> => {
  const isApi = /^\/v1(?:\/|$)/.test(new URL(request.url).pathname)
  const isPage = !isApi && prefers(request.headers.get('accept'), 'text/html')
  return isPage ? await respondFailure(request, failure) : problemResponse(failure)
}

/**
 * The canonical form of a page's query: unchanged, except for percent-encoding, if every parameter is known and given once,
 * either in the page's own form or with a value that the page reports as unusable. Otherwise, all other parameters are
 * dropped.
 */
const canonicalFor =
  (parametersOf: ParametersOf): Canonical =>
  (search) => {
    const given = [...new URLSearchParams(search)]
    const [effective, defaults] = [parametersOf(search), parametersOf('')]
    const unused = Object.fromEntries(unusedIn(search, parametersOf))
    const kept = [...new Map(given)].flatMap(([name, value]) => {
      const used = unused[name] ?? effective[name]
      const isNoise = used === undefined || (used !== value && used === defaults[name])
      return isNoise ? [] : [[name, used]]
    })
    const names = given.map(([name]) => name)
    const isUnderstood = given.every(
      ([name, value], index) =>
        kept.some(([each, used]) => each === name && used === value) && names.indexOf(name) === index,
    )
    return isUnderstood ? withoutNoise(search) : new URLSearchParams(kept).toString()
  }

/**
 * A page for people: GET and HEAD. Its failures are pages too. `parametersOf` returns the parameters that the page knows
 * besides `lang`. An address with other parameters, such as `utm_source`, redirects to the address without them. A page must
 * say which values it cannot use (`Unused`). There are unlimited addresses with such values, so none is cached.
 */
export const page = (
  path: string,
  show: (call: Call, texts: Texts) => Promise<View | Failure> | View | Failure,
  parametersOf: ParametersOf = () => ({}),
): Route => ({
  method: 'GET',
  path,
  access: 'page',
  endpoint: undefined,
  canonical: canonicalFor((search) => ({ lang: chosenLanguage(search), ...parametersOf(search) })),
  async handle(call) {
    const view = await show(call, textsOf(call.request))
    if (isFailure(view)) return await respondFailure(call.request, view)
    const hasUnused = unusedIn(call.url.search, parametersOf).length > 0
    const freshness = hasUnused ? 'never' : view.freshness
    return await respond(
      call.request,
      { ...view, freshness },
      {
        status: 200,
        deployment: call.env.DEPLOYMENT.id,
        pictureOrigins: pictureOriginsOf(call.env),
        origin: publicOriginOf(call.env),
      },
    )
  },
  respondFailure,
})
