import type { ContributionsAnswer, ListedContribution } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { Known } from '../api/useAnswer.ts'
import { typeNames } from '../../contributions/typeNames.ts'
import type { Formatters } from '../formatters.ts'
import { contributionsAddress } from './load.ts'
import { profileAddress, type ProfileState } from './state.ts'
import { titleOf, windowTitle } from '../parts/titles.ts'

interface ContributionsProps {
  id: number
  state: ProfileState
  /** The number that the list is behind. */
  count: number | undefined
  listed: Known<ContributionsAnswer>
  formatters: Formatters
}

const Row = ({ listed, formatters }: { listed: ListedContribution; formatters: Formatters }) => {
  const { type, occurred_at: occurredAt, content, parent, locale, product, self } = listed
  const facts = [product, locale, self ? 'on their own content' : ''].filter((fact) => fact !== '')
  return (
    <tr>
      <td>
        <time dateTime={occurredAt}>{formatters.minute(occurredAt)}</time>
      </td>
      <td>{typeNames[type].one}</td>
      <td class="content">
        <bdi>
          {content.type} {content.id}
        </bdi>
        <span class="person-more">
          {parent && (
            <>
              of <bdi>{`${parent.type} ${parent.id}`}</bdi>
            </>
          )}
          {parent && facts.length > 0 && ' · '}
          {facts.join(' · ')}
        </span>
      </td>
    </tr>
  )
}

/** The contributions behind a number, newest first, in pages. */
export const Contributions = ({ id, state, count, listed, formatters }: ContributionsProps) => {
  const { body, isCurrent, refused } = listed
  const { path, query } = contributionsAddress(id, { ...state, cursor: undefined })
  const first = profileAddress(id, { ...state, cursor: undefined })
  const next = body?.next_cursor ?? undefined
  return (
    <section class="panel" id="contributions" aria-labelledby="contributions-title">
      <div class="panel-head">
        <div>
          <h2 id="contributions-title">
            {titleOf(state.type)}
            {count !== undefined && `: ${formatters.number(count)}`}
          </h2>
          <p class="soft" role="status">
            {state.window === 'all' ? 'In all time' : `In the last ${windowTitle(state.window)}`}, newest
            first
          </p>
        </div>
        <a class="download" href={`${path}.csv${query.replace('limit=20', 'limit=1000')}`} download>
          CSV
        </a>
      </div>
      {refused && <ErrorNotice refused={refused} />}
      {body && body.contributions.length > 0 && (
        <table class="contributions" aria-busy={!isCurrent}>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">About</th>
            </tr>
          </thead>
          <tbody>
            {body.contributions.map((contribution) => (
              <Row key={contribution.position} listed={contribution} formatters={formatters} />
            ))}
          </tbody>
        </table>
      )}
      {body?.contributions.length === 0 && <p class="waiting soft">Nothing in this time</p>}
      {!body && !refused && <p class="waiting soft">Reading the log…</p>}
      <nav class="pages" aria-label="Pages of the list">
        <span />
        <span class="pages-links">
          {state.cursor !== undefined && <a href={`${first}#contributions`}>Newest</a>}
          {next !== undefined && (
            <a href={`${profileAddress(id, { ...state, cursor: next })}#contributions`}>Next page</a>
          )}
        </span>
      </nav>
    </section>
  )
}
