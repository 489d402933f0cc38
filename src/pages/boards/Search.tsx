import type { Profile } from '../../contributions/user.ts'
import { addressOf, parametersOf, type DashboardState } from '../dashboard/dashboardState.ts'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { Person } from '../parts/Person.tsx'

/** Finds a user by username or ID, to show their neighbours on the board. */
export const Search = ({ state }: { state: DashboardState }) => (
  <form class="search" role="search" action="/#leaderboards" method="get" key={state.search}>
    <HiddenFields fields={parametersOf(state)} except={['search', 'around', 'cursor']} />
    <label for="search">Find a contributor</label>
    <span class="joined">
      <input
        id="search"
        type="search"
        name="search"
        defaultValue={state.search ?? ''}
        placeholder="Username or ID"
        maxLength={254}
        required
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
      />
      <button type="submit">Find</button>
    </span>
  </form>
)

interface SearchResultsProps {
  state: DashboardState
  found: readonly Profile[]
}

/** The result of a search that found no user, or several. */
export const SearchResults = ({ state, found }: SearchResultsProps) =>
  found.length === 0 ? (
    <p class="notice" role="status">
      No contributor has the username or ID <q>{state.search}</q>. Enter the whole username; upper and lower
      case don’t matter.
    </p>
  ) : (
    <div class="notice" role="status">
      <p>
        {found.length} contributors match <q>{state.search}</q>:
      </p>
      <ul class="people">
        {found.map((user) => (
          <li key={user.id}>
            <Person user={user}>
              ID {user.id} ·{' '}
              <a href={`${addressOf({ ...state, around: user.id })}#leaderboards`}>
                rank on this leaderboard
              </a>
            </Person>
          </li>
        ))}
      </ul>
    </div>
  )
