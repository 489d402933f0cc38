import { Fragment } from 'preact'
import { presentName } from '../../cards/names.ts'
import { parseDay } from '../../contributions/calendar.ts'
import { contributionTypes } from '../../definitions/definitions.ts'
import { linkOf } from '../../definitions/links.ts'
import type { ContributionsAnswer } from '../api/answers.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { notLoaded } from '../api/fetchApi.ts'
import { useQuery, type QueryState } from '../api/useQuery.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { OnSite } from '../parts/OnSite.tsx'
import { periodTitle, titleOf, windowPhrase } from '../parts/titles.ts'
import type { Formatters } from '../formatters.ts'
import { useTexts, type Texts } from '../texts/texts.ts'
import { contributionsAddress, newestOf } from './profileQueries.ts'
import { listAddress, profileAddress, type ProfileState } from './profileState.ts'
import { Parts } from './Parts.tsx'
import { useSeen } from '../parts/useSeen.ts'

interface ContributionsProps {
  id: number
  state: ProfileState
  /** The number of contributions of the selected type in the selected window. */
  count: number | undefined
  list: QueryState<ContributionsAnswer>
  formatters: Formatters
}

interface RowProps {
  contribution: ContributionsAnswer['contributions'][number]
  formatters: Formatters
}

const lastWordOf = (contentType: string): string | undefined => contentType.split('.').at(-1)

/** What the site calls a content of this type, if a contribution type has its name: "answer" for `questions.answer`. */
const nounOf = (contentType: string, texts: Texts): string | undefined => {
  const type = contributionTypes.find((each) => each === lastWordOf(contentType))
  return type && texts.type(type).one
}

interface ContentNameProps {
  content: ContributionsAnswer['contributions'][number]['content']
  /** What the row says before: it is not repeated. */
  typeNoun: string
}

/** A content's title. Without one, its ID, and its type in the tooltip. */
const ContentName = ({ content, typeNoun }: ContentNameProps) => {
  const texts = useTexts()
  const { type, id } = content
  const href = linkOf(content)
  const title = presentName(content.title ?? null)
  const noun = nounOf(type, texts)
  return (
    <OnSite href={href}>
      {title === undefined ? (
        <bdi class={href === null ? 'soft' : undefined} title={`${type} ${id}`}>
          {noun === undefined || noun === typeNoun ? texts.text('list.id', { id }) : `${noun} ${id}`}
        </bdi>
      ) : (
        <bdi>{title}</bdi>
      )}
    </OnSite>
  )
}

const Row = ({ contribution, formatters }: RowProps) => {
  const texts = useTexts()
  const { rich, text } = texts
  const { type, occurred_at: occurredAt, content, parent, locale, product, self } = contribution
  const typeNoun = texts.type(type).one
  const details = [product, locale, self ? text('list.self') : ''].filter((detail) => detail !== '')
  return (
    <tr>
      <td>
        <time dateTime={occurredAt}>{formatters.minute(occurredAt)}</time>
      </td>
      <td>{typeNoun}</td>
      <td class="content">
        <span class={contribution.deleted_at === null ? undefined : 'deleted'}>
          <ContentName content={content} typeNoun={typeNoun} />
        </span>
        {contribution.deleted_at !== null && (
          <>
            {' '}
            <span class="mark-deleted" title={formatters.instant(contribution.deleted_at)}>
              {text('list.deleted')}
            </span>
          </>
        )}
        <span class="person-more">
          {parent &&
            rich('list.in', {
              parent: (
                <OnSite href={linkOf(parent)}>
                  <bdi title={`${parent.type} ${parent.id}`}>
                    {`${nounOf(parent.type, texts) ?? lastWordOf(parent.type)} ${parent.id}`}
                  </bdi>
                </OnSite>
              ),
            })}
          {details.map((detail, index) => (
            <Fragment key={index}>
              {(parent || index > 0) && ' · '}
              <span class="whole">{detail}</span>
            </Fragment>
          ))}
        </span>
      </td>
    </tr>
  )
}

const timeOf = ({ window, period, timeZone }: ProfileState, texts: Texts, formatters: Formatters): string => {
  if (period !== undefined) {
    const isDay = parseDay(period) !== undefined
    const title = isDay ? formatters.weekday(period) : periodTitle(period, texts, formatters)
    return `${title} (${timeZone})`
  }
  if (window === 'all') return texts.text('window.all')
  return texts.text('list.window', { window: windowPhrase(window, texts) })
}

/** What the list shows, besides the type. */
const noteOf = (state: ProfileState, texts: Texts, formatters: Formatters): string => {
  const { product, locale } = state
  const parts = [
    product === '' ? texts.text('parts.no-product') : product,
    locale === '' ? texts.text('parts.no-locale') : locale && formatters.locale(locale),
  ].filter((part) => part !== undefined)
  return [timeOf(state, texts, formatters), ...parts, texts.text('list.newest')].join(' · ')
}

const partsRefreshSeconds = 60

/**
 * The number of contributions on all pages of the list. Taken from the list, if it has only one page, or else from the
 * newest contributions, if these are complete and as recent as the list. Undefined if neither is the case.
 */
const countListed = (
  { product, locale, cursor }: ProfileState,
  listed: ContributionsAnswer | undefined,
  newest: ContributionsAnswer | undefined,
): number | undefined => {
  if (!listed) return undefined
  if (cursor === undefined && listed.next_cursor === null) return listed.contributions.length
  if (newest?.next_cursor !== null) return undefined
  const all = newest.contributions.filter(
    (one) => one.product === (product ?? one.product) && one.locale === (locale ?? one.locale),
  )
  const [top] = listed.contributions
  const isAsNew = cursor !== undefined || all[0]?.position === top?.position
  return isAsNew ? all.length : undefined
}

/** The contributions behind a number, newest first, page by page, with their products and locales. */
export const Contributions = ({ id, state, count, list, formatters }: ContributionsProps) => {
  const texts = useTexts()
  const { text } = texts
  const { body, isCurrent, problem, retry } = list
  const [seen, ref] = useSeen()
  const newest = useQuery<ContributionsAnswer>(
    seen ? newestOf(id, state) : notLoaded,
    undefined,
    partsRefreshSeconds,
  )
  const isNarrowed = (state.product ?? state.locale ?? state.period) !== undefined
  const shown = isNarrowed ? countListed(state, body, newest.body) : count
  const first = profileAddress(id, { ...state, cursor: undefined })
  const next = body?.next_cursor ?? undefined
  const isAll = state.window === 'all' && state.type === undefined && !isNarrowed
  return (
    <section class="panel" id="contributions" aria-labelledby="contributions-title" ref={ref}>
      <PanelHead
        id="contributions-title"
        title={titleOf(state.type, texts) + (shown === undefined ? '' : `: ${formatters.number(shown)}`)}
        note={noteOf(state, texts, formatters)}
        isAnnounced
        data={contributionsAddress(id, state)}
        rows={shown}
      />
      {!isAll && (
        <p>
          <a href={listAddress(id, state, {})}>{text('list.all')}</a>
        </p>
      )}
      {(newest.body ?? !problem) && (
        <Parts
          id={id}
          state={state}
          count={isNarrowed ? undefined : count}
          newest={newest}
          isLoading={seen}
          formatters={formatters}
        />
      )}
      {problem && (
        <ErrorNotice problem={problem} retry={retry} shown={body && formatters.instant(body.as_of)} />
      )}
      {body && body.contributions.length > 0 && (
        <table class="contributions">
          <thead>
            <tr>
              <th scope="col">{text('table.date')}</th>
              <th scope="col">{text('list.type')}</th>
              <th scope="col">{text('list.content')}</th>
            </tr>
          </thead>
          <tbody>
            {body.contributions.map((contribution) => (
              <Row key={contribution.position} contribution={contribution} formatters={formatters} />
            ))}
          </tbody>
        </table>
      )}
      {body?.contributions.length === 0 && <p class="waiting soft">{text('list.none')}</p>}
      {!body && !problem && (
        <p class="waiting soft list-waiting" aria-busy={!isCurrent}>
          {text('loading')}
        </p>
      )}
      <nav class="pages" aria-label={text('list.pages')}>
        <span />
        <span class="pages-links">
          {state.cursor !== undefined && <a href={`${first}#contributions`}>{text('pages.first')}</a>}
          {next !== undefined && (
            <a href={`${profileAddress(id, { ...state, cursor: next })}#contributions`}>
              {text('pages.next')}
            </a>
          )}
        </span>
      </nav>
    </section>
  )
}
