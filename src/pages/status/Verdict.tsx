import type { ComponentChildren } from 'preact'
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
  /** Whether the page could not read anything newer. */
  isOutdated: boolean
  formatters: Formatters
}

/** One line that says whether all is well, and a list of findings. */
export const Verdict = ({ view, isOutdated, formatters }: VerdictProps) => {
  const texts = useTexts()
  const findings = findingsIn(view)
  const isFaulty = findings.some(({ finding }) => finding !== 'empty' && finding !== 'incomplete')
  const headline = isFaulty ? 'status.faulty' : 'status.well'
  return (
    <section class={`verdict${isFaulty ? ' verdict-faulty' : ''}`} aria-labelledby="verdict">
      <h2 id="verdict">
        <span aria-hidden="true">{isFaulty ? '!' : '✓'}</span>
        {texts.text(isOutdated ? 'status.before' : headline)}
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
