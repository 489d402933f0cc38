import { boards } from '../../definitions/definitions.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { useQuery } from '../api/useQuery.ts'
import { Choices } from '../parts/Choices.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { windows, windowTitle } from '../parts/titles.ts'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { ranksOf } from './profileQueries.ts'
import { profileAddress, type ProfileState } from './profileState.ts'

interface RanksProps {
  id: number
  state: ProfileState
  formatters: Formatters
}

const refreshSeconds = 30

/** The address of a board on the dashboard, around this user. */
const neighboursAddress = (board: string, window: string, id: number): string => {
  const query = new URLSearchParams({ board, window, around: String(id) })
  return `/?${query.toString()}#leaderboards`
}

/** The user's rank on every board. */
export const Ranks = ({ id, state, formatters }: RanksProps) => {
  const texts = useTexts()
  const { body, isCurrent, problem } = useQuery(ranksOf(id, state.ranks), undefined, refreshSeconds)
  return (
    <section class="panel" id="ranks" aria-labelledby="ranks-title">
      <PanelHead id="ranks-title" title="Ranks" note="Rank on each leaderboard" />
      <Choices
        label="Period for ranks"
        choices={windows.map((window) => ({
          name: windowTitle(window, texts),
          href: `${profileAddress(id, { ...state, ranks: window })}#ranks`,
          isChosen: window === state.ranks,
        }))}
      />
      {problem && <ErrorNotice problem={problem} />}
      <noscript>
        <p class="soft">Enable JavaScript for ranks, or follow a link to its leaderboard.</p>
      </noscript>
      <ul class="ranks" aria-busy={!isCurrent}>
        {boards.map(({ board, title }) => {
          const ranked = body?.[board]
          return (
            <li key={board}>
              <a href={texts.link(neighboursAddress(board, state.ranks, id))}>{title}</a>
              {ranked ? (
                <span>
                  <strong>{formatters.number(ranked.rank)}</strong>{' '}
                  <span class="soft">of {formatters.number(ranked.total)}</span>
                </span>
              ) : (
                <span class="soft">{body ? 'unranked' : '…'}</span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
