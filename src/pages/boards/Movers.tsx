import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { notLoaded } from '../api/fetchApi.ts'
import { useQuery } from '../api/useQuery.ts'
import type { DashboardState } from '../dashboard/dashboardState.ts'
import type { Formatters } from '../formatters.ts'
import { Difference } from '../parts/Difference.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { Person } from '../parts/Person.tsx'
import { useTexts } from '../texts/texts.ts'
import { moversOf, type Mover } from './moversOf.ts'

interface MoversProps {
  state: DashboardState
  /** Why the board counts nothing with the page's filters. */
  uncounted: string | undefined
  formatters: Formatters
}

const refreshSeconds = 600

/** The people who contributed more to a board than in the 30 days before, so that they can be thanked. */
export const Movers = ({ state, uncounted, formatters }: MoversProps) => {
  const texts = useTexts()
  const { text } = texts
  const { body, isCurrent, problem, retry } = useQuery<Mover[]>(
    uncounted === undefined ? moversOf(state) : notLoaded,
    undefined,
    refreshSeconds,
  )
  return (
    <section
      class="panel movers"
      aria-labelledby="movers-title"
      aria-busy={!isCurrent && !problem && uncounted === undefined}
    >
      <PanelHead
        id="movers-title"
        level="h3"
        title={text('movers.title')}
        note={text('movers.note', { board: texts.board(state.board).title })}
      />
      {problem && <ErrorNotice problem={problem} retry={retry} />}
      {!body && !problem && <p class="waiting soft">{uncounted ?? text('loading')}</p>}
      {body?.length === 0 && <p class="waiting soft">{text('movers.none')}</p>}
      {body && body.length > 0 && (
        <ol class="people">
          {body.map(({ user, now, before, isExact }) => (
            <li key={user.id}>
              <Person user={user} withUsername>
                {!isExact && `${text('movers.at-least')} `}
                <Difference now={now} before={before} formatters={formatters} />{' '}
                {text(isExact ? 'movers.than' : 'movers.than-at-most', { before })}
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
