import stringify from 'json-stringify-pretty-compact'
import type { Failure } from '../../src/failure.ts'
import { problemOf, problems, type ProblemName } from '../../src/http/problem.ts'
import { Inline } from './Prose.tsx'

const names = Object.keys(problems) as ProblemName[]

/** The list of all problems. */
export const Problems = () => (
  <>
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
  </>
)

/** A failure of each kind, as the API has it. */
const examples: Record<ProblemName, Failure> = {
  'malformed-json': { failure: 'malformed-json' },
  'invalid-parameter': {
    failure: 'invalid-parameter',
    issues: [{ parameter: 'window', detail: 'Cannot use "90": use "1d" to "3660d", or "all"' }],
  },
  'invalid-signature': { failure: 'invalid-signature' },
  unauthorized: { failure: 'unauthorized' },
  'not-found': { failure: 'not-found', detail: 'No such contributor' },
  'method-not-allowed': { failure: 'method-not-allowed', method: 'POST', allow: 'GET, HEAD' },
  'payload-too-large': { failure: 'payload-too-large' },
  'unsupported-media-type': { failure: 'unsupported-media-type' },
  'invalid-message': {
    failure: 'invalid-message',
    issues: [
      {
        pointer: '/data/occurred_at',
        detail:
          'Cannot use "yesterday": use an RFC 3339 date-time with an offset, like 2026-11-22T10:00:00.000Z',
      },
    ],
  },
  'too-many-requests': { failure: 'too-many-requests' },
  internal: { failure: 'internal' },
  unavailable: { failure: 'unavailable', detail: 'Cannot answer now: try again in a moment' },
}

/** The answer to a failure, as text. */
const exampleOf = (name: ProblemName): string => {
  const { status, title } = problems[name]
  const { detail, errors, headers } = problemOf(examples[name])
  const all = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers }
  const body = { type: `/problems/${name}`, title, status, detail, ...(errors && { errors }) }
  return [
    `HTTP status ${status}`,
    ...Object.entries(all).map(([header, value]) => `${header}: ${value}`),
    '',
    stringify(body, { maxLength: 72 }),
  ].join('\n')
}

/** The page about a problem: when it happens, and what to do about it. */
export const Problem = ({ name }: { name: ProblemName }) => {
  const { status, title, when, remedy } = problems[name]
  return (
    <>
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
          <code>{exampleOf(name)}</code>
        </pre>
      </section>
    </>
  )
}
