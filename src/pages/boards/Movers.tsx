import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { notLoaded } from '../api/fetchApi.ts'
import { useLogStart } from '../api/logStart.ts'
import { useQuery } from '../api/useQuery.ts'
import type { DashboardState } from '../dashboard/dashboardState.ts'
import { dayFrom } from '../dashboard/range.ts'
import type { Formatters } from '../formatters.ts'
import { Difference } from '../parts/Difference.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { Person } from '../parts/Person.tsx'
import { filteredNote } from '../parts/titles.ts'
import { useSeen } from '../parts/useSeen.ts'
import { useTexts } from '../texts/texts.ts'
import { comparedDays, gainMin, moversOf, type MoversAnswer } from './moversOf.ts'

interface MoversProps {
  state: DashboardState
  /** The date in the page's time zone. */
  today: string
  /** Why the board counts nothing with the page's filters. */
  uncounted: string | undefined
  formatters: Formatters
}

const refreshSeconds = 600

/** The people who contributed more to a board than in the 30 days before, so that they can be thanked. */
export const Movers = ({ state, today, uncounted, formatters }: MoversProps) => {
  const texts = useTexts()
  const { text } = texts
  const [seen, ref] = useSeen()
  const isLoaded = seen && uncounted === undefined
  const { body, isCurrent, problem, retry } = useQuery<MoversAnswer>(
    isLoaded ? moversOf(state) : notLoaded,
    undefined,
    refreshSeconds,
  )
  const start = useLogStart()
  const isTooEarly = start !== undefined && dayFrom(today, -2 * comparedDays) < start.whole
  return (
    <section
      class="panel movers"
      aria-labelledby="movers-title"
      aria-busy={isLoaded && !isCurrent && !problem}
      ref={ref}
    >
      <PanelHead
        id="movers-title"
        level="h3"
        title={text('movers.title')}
        note={filteredNote(text('movers.note', { board: texts.board(state.board).title }), state, formatters)}
      />
      {problem && (
        <ErrorNotice problem={problem} retry={retry} shown={body && formatters.instant(body.as_of)} />
      )}
      {!body && !problem && <p class="waiting soft">{uncounted ?? (seen && text('loading'))}</p>}
      {body && isTooEarly && (
        <p class="waiting soft">{text('movers.too-early', { day: formatters.day(start.first) })}</p>
      )}
      {body?.movers.length === 0 && !isTooEarly && (
        <p class="waiting soft">{text('movers.none', { least: gainMin })}</p>
      )}
      {body && body.movers.length > 0 && !isTooEarly && (
        <ol class="people">
          {body.movers.map(({ user, now, before, isExact }) => (
            <li key={user.id}>
              <Person user={user} withUsername>
                {isExact ? (
                  <>
                    <Difference now={now} before={before} formatters={formatters} />{' '}
                    {text('movers.than', { before })}
                  </>
                ) : (
                  text('movers.at-most', { now, before })
                )}
              </Person>
            </li>
          ))}
        </ol>
      )}
      <noscript>
        <p class="soft">{text('movers.no-script')}</p>
      </noscript>
    </section>
  )
}
