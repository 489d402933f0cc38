import { typeDefinition } from '../../definitions/definitions.ts'
import { presentName } from '../../cards/nameOf.ts'
import { linkOf } from '../../definitions/links.ts'
import type { ContributionsAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import type { QueryState } from '../api/useQuery.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { OnSite } from '../parts/OnSite.tsx'
import { titleOf, windowPhrase } from '../parts/titles.ts'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { contributionsData } from './profileQueries.ts'
import { profileAddress, type ProfileState } from './profileState.ts'

interface ContributionsProps {
  id: number
  state: ProfileState
  /** The number that the list explains. */
  count: number | undefined
  list: QueryState<ContributionsAnswer>
  formatters: Formatters
}

interface RowProps {
  contribution: ContributionsAnswer['contributions'][number]
  formatters: Formatters
}

const Row = ({ contribution, formatters }: RowProps) => {
  const { type, occurred_at: occurredAt, content, parent, locale, product, self } = contribution
  const isDeleted = contribution.deleted_at !== null
  const details = [product, locale, self ? 'own content' : '', isDeleted ? 'deleted' : ''].filter(
    (detail) => detail !== '',
  )
  return (
    <tr>
      <td>
        <time dateTime={occurredAt}>{formatters.minute(occurredAt)}</time>
      </td>
      <td>{typeDefinition(type).one}</td>
      <td class="content">
        <OnSite href={linkOf(content)}>
          <bdi>{presentName(content.title ?? null) ?? `${content.type} ${content.id}`}</bdi>
        </OnSite>
        <span class="person-more">
          {parent && (
            <>
              in{' '}
              <OnSite href={linkOf(parent)}>
                <bdi>{`${parent.type} ${parent.id}`}</bdi>
              </OnSite>
            </>
          )}
          {parent && details.length > 0 && ' · '}
          {details.join(' · ')}
        </span>
      </td>
    </tr>
  )
}

/** The contributions behind a number, newest first, page by page. */
export const Contributions = ({ id, state, count, list, formatters }: ContributionsProps) => {
  const texts = useTexts()
  const { body, isCurrent, problem } = list
  const first = profileAddress(id, { ...state, cursor: undefined })
  const next = body?.next_cursor ?? undefined
  return (
    <section class="panel" id="contributions" aria-labelledby="contributions-title">
      <PanelHead
        id="contributions-title"
        title={titleOf(state.type, texts) + (count === undefined ? '' : `: ${formatters.number(count)}`)}
        note={`${state.window === 'all' ? 'All time' : `In the ${windowPhrase(state.window, texts)}`}, newest first`}
        isAnnounced
        data={contributionsData(id, state)}
      />
      {problem && <ErrorNotice problem={problem} />}
      {body && body.contributions.length > 0 && (
        <table class="contributions" aria-busy={!isCurrent}>
          <thead>
            <tr>
              <th scope="col">Date</th>
              <th scope="col">Type</th>
              <th scope="col">Content</th>
            </tr>
          </thead>
          <tbody>
            {body.contributions.map((contribution) => (
              <Row key={contribution.position} contribution={contribution} formatters={formatters} />
            ))}
          </tbody>
        </table>
      )}
      {body?.contributions.length === 0 && <p class="waiting soft">No contributions in this period</p>}
      {!body && !problem && <p class="waiting soft">Loading…</p>}
      <nav class="pages" aria-label="Contribution pages">
        <span />
        <span class="pages-links">
          {state.cursor !== undefined && <a href={`${first}#contributions`}>First page</a>}
          {next !== undefined && (
            <a href={`${profileAddress(id, { ...state, cursor: next })}#contributions`}>Next page</a>
          )}
        </span>
      </nav>
    </section>
  )
}
