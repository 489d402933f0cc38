import { Hidden } from '../parts/Hidden.tsx'
import { Person } from '../parts/Person.tsx'
import type { Profile } from '../../contributions/user.ts'
import { addressOf, parametersOf, type DashboardState } from '../overview/state.ts'

/** LogFollower for a user by name or id, to go to their place on the board. */
export const Search = ({ state }: { state: DashboardState }) => (
  <form class="search" role="search" action="/#leaderboards" method="get" key={state.search}>
    <Hidden fields={parametersOf(state)} except={['search', 'around', 'cursor']} />
    <label for="search">Find a contributor</label>
    <span class="joined">
      <input
        id="search"
        type="search"
        name="search"
        defaultValue={state.search ?? ''}
        placeholder="User name or id"
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

interface FoundProps {
  state: DashboardState
  found: readonly Profile[]
}

/** What a search came to where it did not find exactly one user. */
export const Found = ({ state, found }: FoundProps) =>
  found.length === 0 ? (
    <p class="notice" role="status">
      Nobody here is called <q>{state.search}</q>, and it is nobody’s id. A name must be whole, in capitals or
      not.
    </p>
  ) : (
    <div class="notice" role="status">
      <p>
        {found.length} contributors are called <q>{state.search}</q>. Whom do you mean?
      </p>
      <ul class="people">
        {found.map((user) => (
          <li key={user.id}>
            <Person user={user}>
              id {user.id} ·{' '}
              <a href={`${addressOf({ ...state, around: user.id })}#leaderboards`}>place on this board</a>
            </Person>
          </li>
        ))}
      </ul>
    </div>
  )
