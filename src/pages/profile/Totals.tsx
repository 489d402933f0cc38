import { contributionTypes } from '../../contributions/contribution.ts'
import type { UserAnswer } from '../api/answers.ts'
import type { Formatters } from '../formatters.ts'
import { profileAddress, profileWindows, type ProfileState } from './state.ts'
import { titleOf, windowTitle } from '../parts/titles.ts'

interface TotalsProps {
  user: UserAnswer
  state: ProfileState
  formatters: Formatters
}

/** How often a user did what, and when: every number leads to the contributions that it counts. */
export const Totals = ({ user, state, formatters }: TotalsProps) => {
  // The longest first: what has no room on a narrow screen is the least.
  const windows = profileWindows.toReversed()
  const countsOf = (window: string) => (window === 'all' ? user.lifetime : user.windows[window])
  return (
    <section class="panel" aria-labelledby="totals">
      <div class="panel-head">
        <div>
          <h2 id="totals">Totals</h2>
          <p class="soft">Each number leads to the contributions behind it</p>
        </div>
      </div>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Totals by type and time">
        <table class="totals">
          <thead>
            <tr>
              <th scope="col">Contributions</th>
              {windows.map((window) => (
                <th key={window} scope="col" class="numeric">
                  {windowTitle(window)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {([undefined, ...contributionTypes] as const).map((type) => (
              <tr key={type} class={type ? undefined : 'total'}>
                <th scope="row">{titleOf(type)}</th>
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
                            {titleOf(type)}, {windowTitle(window)}
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
