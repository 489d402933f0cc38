import { notFound, type Failure } from '../../failure.ts'
import type { Call } from '../../http/endpoint.ts'
import { problems, type ProblemName } from '../../http/problem.ts'
import type { View } from '../page.tsx'
import { Inline } from './Prose.tsx'

const names = Object.keys(problems) as ProblemName[]

/** `GET /problems`: the list of all problems. */
export const showProblems = (): View => ({
  title: 'Problems',
  description: 'Every error of the API, and how to fix it',
  stylesheet: 'reference',
  freshness: 'past',
  main: (
    <article class="explained">
      <p class="eyebrow">
        <a href="/docs">API reference</a>
      </p>
      <h1>Problems</h1>
      <p class="lead">
        When a request fails, the API returns a problem document (RFC 9457). Its <code>type</code> is the
        address of one of these pages.
      </p>
      <ul class="problem-list">
        {names.map((name) => (
          <li key={name}>
            <a href={`/problems/${name}`}>
              <span class="soft">{problems[name].status}</span>
              <code>{name}</code>
              <span>{problems[name].title}</span>
            </a>
          </li>
        ))}
      </ul>
    </article>
  ),
})

/** `GET /problems/{name}`: when a problem happens, and what to do about it. */
export const showProblem = ({ params }: Call): View | Failure => {
  const name = names.find((candidate) => candidate === params['name'])
  if (name === undefined) return notFound('No such problem: see /problems for the list')
  const { status, title, when, remedy } = problems[name]
  return {
    title,
    description: when,
    stylesheet: 'reference',
    freshness: 'past',
    main: (
      <article class="explained">
        <p class="eyebrow">
          <a href="/problems">Problems</a> · {status} · <code>{name}</code>
        </p>
        <h1>{title}</h1>
        <section>
          <h2>When it happens</h2>
          <p>
            <Inline text={`${when}.`} />
          </p>
        </section>
        <section>
          <h2>What to do</h2>
          <p>
            <Inline text={`${remedy}.`} />
          </p>
        </section>
        <section>
          <h2>Example response</h2>
          <pre>
            <code>
              {`HTTP status ${status}\ncontent-type: application/problem+json\n\n`}
              {JSON.stringify(
                { type: `/problems/${name}`, title, status, detail: 'What is wrong with this request' },
                null,
                2,
              )}
            </code>
          </pre>
        </section>
      </article>
    ),
  }
}
