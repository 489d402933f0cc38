import type { ComponentChildren } from 'preact'
import { reasonOf } from '../api/ErrorNotice.tsx'
import type { ApiProblem } from '../api/fetchApi.ts'
import type { Formatters } from '../formatters.ts'
import { useTexts, type Texts } from '../texts/texts.ts'
import { findingsIn, type Finding } from './findings.ts'
import type { ServiceView } from './statusQueries.ts'

/** Describes a finding and what to do about it. */
const sentenceFor = (found: Finding, { text, rich }: Texts, formatters: Formatters): ComponentChildren => {
  switch (found.finding) {
    case 'empty':
      return text('status.found.empty')
    case 'misconfigured':
      return (
        <>
          {rich('status.found.misconfigured', { variable: <code>{found.variable}</code> })}{' '}
          <span lang="en">{found.detail}.</span>
        </>
      )
    case 'drift':
      return text('status.found.drift', { count: found.count })
    case 'audit-late':
      return text('status.found.audit-late', { time: formatters.instant(found.at) })
    case 'incomplete':
      return text('status.found.incomplete', { count: found.count })
  }
}

interface VerdictProps {
  view: ServiceView
  formatters: Formatters
}

const isFaulty = (findings: readonly Finding[]): boolean =>
  findings.some(({ finding }) => finding !== 'empty' && finding !== 'incomplete')

/** One line that says whether all is well, and a list of findings. */
export const Verdict = ({ view, formatters }: VerdictProps) => {
  const texts = useTexts()
  const findings = findingsIn(view)
  const faulty = isFaulty(findings)
  return (
    <section class={`verdict${faulty ? ' verdict-faulty' : ''}`} aria-labelledby="verdict">
      <h2 id="verdict">
        <span aria-hidden="true">{faulty ? '!' : '✓'}</span>
        {texts.text(faulty ? 'status.faulty' : 'status.well')}
      </h2>
      {findings.length > 0 && (
        <ul>
          {findings.map((found, index) => (
            <li key={index}>{sentenceFor(found, texts, formatters)}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

interface OutageProps {
  /** Why the API did not answer the latest request, and when; undefined if the Worker itself could not read. */
  failure: { problem: ApiProblem; at: string } | undefined
  retry: () => void
  /** The last answer before, if there was one. */
  view: ServiceView | undefined
  formatters: Formatters
}

/** Says why there is no answer, when the page last tried, and in a grey line what the last answer was. */
export const Outage = ({ failure, retry, view, formatters }: OutageProps) => {
  const texts = useTexts()
  const { text } = texts
  const seconds = failure?.problem.retryAfterSeconds
  const before = view && isFaulty(findingsIn(view)) ? 'status.before.faulty' : 'status.before.well'
  return (
    <section class="verdict verdict-faulty" aria-labelledby="verdict" role="status">
      <h2 id="verdict">
        <span aria-hidden="true">!</span>
        {failure ? reasonOf(failure.problem, texts) : text('notice.unavailable')}
      </h2>
      {failure && (
        <p>
          {text('status.tried', { time: formatters.instant(failure.at) })}
          {seconds !== undefined && ` ${text('notice.retry', { seconds })}`}{' '}
          <button type="button" onClick={retry}>
            {text('notice.retry-now')}
          </button>
        </p>
      )}
      {view && <p class="soft">{text(before, { time: formatters.instant(view.status.as_of) })}</p>}
    </section>
  )
}
