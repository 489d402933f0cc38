import { boards } from '../../contributions/definitions.ts'
import { ErrorNotice } from '../api/ErrorNotice.tsx'
import { useAnswer } from '../api/useAnswer.ts'
import { Choices } from '../parts/Choices.tsx'
import type { Formatters } from '../formatters.ts'
import { ranksOf } from './load.ts'
import { profileAddress, profileWindows, type ProfileState } from './state.ts'
import { windowTitle } from '../parts/titles.ts'

interface RanksProps {
  id: number
  state: ProfileState
  formatters: Formatters
}

const refreshSeconds = 30

/** The place of a board on the dashboard, with the user among their neighbours. */
const placeOnBoard = (board: string, window: string, id: number): string => {
  const query = new URLSearchParams({ board, window, around: String(id) })
  return `/?${query.toString()}#leaderboards`
}

/** Where the user stands on every board. */
export const Ranks = ({ id, state, formatters }: RanksProps) => {
  const { body, isCurrent, refused } = useAnswer(ranksOf(id, state.ranks), undefined, refreshSeconds)
  return (
    <section class="panel" id="ranks" aria-labelledby="ranks-title">
      <div class="panel-head">
        <div>
          <h2 id="ranks-title">Ranks</h2>
          <p class="soft">Place on each leaderboard, with a link to the neighbours there</p>
        </div>
      </div>
      <Choices
        label="Time that ranks count"
        choices={profileWindows.map((window) => ({
          name: windowTitle(window),
          href: `${profileAddress(id, { ...state, ranks: window })}#ranks`,
          isChosen: window === state.ranks,
        }))}
      />
      {refused && <ErrorNotice refused={refused} />}
      <noscript>
        <p class="soft">Ranks need script. The leaderboards themselves do not.</p>
      </noscript>
      <ul class="ranks" aria-busy={!isCurrent}>
        {boards.map(({ board, title }) => {
          const standing = body?.[board]
          return (
            <li key={board}>
              <a href={placeOnBoard(board, state.ranks, id)}>{title}</a>
              {standing ? (
                <span>
                  <strong>{formatters.number(standing.rank)}</strong>{' '}
                  <span class="soft">of {formatters.number(standing.total)}</span>
                </span>
              ) : (
                <span class="soft">{body ? 'not on it' : '…'}</span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
