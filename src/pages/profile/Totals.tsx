import { contributionTypes } from '../../definitions/definitions.ts'
import type { UserAnswer } from '../api/answers.ts'
import { useTexts } from '../texts/texts.ts'
import type { Formatters } from '../formatters.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { titleOf, windows as allWindows, windowTitle } from '../parts/titles.ts'
import { profileAddress, type ProfileState } from './profileState.ts'

interface TotalsProps {
  user: UserAnswer
  state: ProfileState
  formatters: Formatters
}

/** A user's contributions by type and window. Each number links to the contributions behind it. */
export const Totals = ({ user, state, formatters }: TotalsProps) => {
  const texts = useTexts()
  // The longest window comes first, so that a narrow screen shows the largest numbers.
  const windows = allWindows.toReversed()
  const countsOf = (window: string) => (window === 'all' ? user.lifetime : user.windows[window])
  return (
    <section class="panel" aria-labelledby="totals">
      <PanelHead id="totals" title="Totals" note="Select a number to list the contributions behind it" />
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Totals by type and period">
        <table class="totals">
          <thead>
            <tr>
              <th scope="col">Contributions</th>
              {windows.map((window) => (
                <th key={window} scope="col" class="numeric">
                  {windowTitle(window, texts)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {([undefined, ...contributionTypes] as const).map((type) => (
              <tr key={type} class={type ? undefined : 'total'}>
                <th scope="row">{titleOf(type, texts)}</th>
                {windows.map((window) => {
                  const count = countsOf(window)?.[type ?? 'total'] ?? 0
                  const isListed = type === state.type && window === state.window
                  const href = profileAddress(user.user.id, { ...state, type, window, cursor: undefined })
                  return (
                    <td key={window} class="numeric">
                      {count === 0 ? (
                        <span class="none">0</span>
                      ) : (
                        <a href={`${href}#contributions`} aria-current={isListed ? 'true' : undefined}>
                          {formatters.number(count)}
                          <span class="visually-hidden">
                            {' '}
                            {titleOf(type, texts)}, {windowTitle(window, texts)}
                          </span>
                        </a>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
