import { problems, type ProblemName } from '../../src/http/problem.ts'
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
    </>
  )
}
