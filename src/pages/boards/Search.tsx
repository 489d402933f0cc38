import type { TargetedKeyboardEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Profile } from '../../contributions/user.ts'
import { addressOf, boardChange, parametersOf, type DashboardState } from '../dashboard/dashboardState.ts'
import { HiddenFields } from '../parts/HiddenFields.tsx'
import { Name, Person, Username } from '../parts/Person.tsx'
import { useTexts } from '../texts/texts.ts'
import type { Found } from './findPeople.ts'
import { useSuggestions } from './useSuggestions.ts'

const listId = 'suggestions'

interface SuggestionsProps {
  users: readonly Profile[]
  active: number
  onChoose: (user: Profile) => void
}

const Suggestions = ({ users, active, onChoose }: SuggestionsProps) => {
  const { text } = useTexts()
  return (
    <ul class="suggestions" id={listId} role="listbox" aria-label={text('search.label')}>
      {users.map((user, index) => (
        <li
          key={user.id}
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === active}
          // Keeps the focus in the input.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(user)}
        >
          <Name user={user} />
          <Username user={user} />
        </li>
      ))}
    </ul>
  )
}

interface SearchProps {
  state: DashboardState
  go: (address: string) => void
}

/**
 * Finds a contributor by name or ID, to show their neighbours on the board. Suggests matching people while a name is
 * typed, as an editable combobox with a list (WAI-ARIA Authoring Practices). Without script it is an ordinary form.
 */
export const Search = ({ state, go }: SearchProps) => {
  const { text } = useTexts()
  const { suggestions, look, close } = useSuggestions()
  const [active, setActive] = useState(-1)
  const users = suggestions.users ?? []
  const isOpen = users.length > 0
  const choose = ({ id }: Profile): void => {
    close()
    setActive(-1)
    go(`${addressOf(boardChange(state, { around: id, search: undefined }))}#leaderboards`)
  }
  const move = (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
    const next = { ArrowDown: active + 1, ArrowUp: active < 0 ? users.length - 1 : active - 1 }[event.key]
    const chosen = users[active]
    if (!isOpen || (next === undefined && event.key !== 'Escape' && !(event.key === 'Enter' && chosen)))
      return
    event.preventDefault()
    if (next !== undefined) setActive(next >= users.length ? -1 : next)
    else if (event.key === 'Enter' && chosen) choose(chosen)
    else close()
  }
  return (
    <form class="search" role="search" action="/#leaderboards" method="get" onSubmit={close}>
      <HiddenFields fields={parametersOf(state)} except={['search', 'around', 'cursor']} />
      <label for="search">{text('search.label')}</label>
      <span class="joined">
        <input
          key={`${state.search} ${state.around}`}
          id="search"
          type="text"
          enterkeyhint="search"
          name="search"
          defaultValue={state.search ?? ''}
          placeholder={text('search.placeholder')}
          maxLength={254}
          required
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
          onInput={({ currentTarget }) => {
            setActive(-1)
            look(currentTarget.value)
          }}
          onKeyDown={move}
          onBlur={close}
        />
        <button type="submit">{text('search.find')}</button>
      </span>
      {isOpen && <Suggestions users={users} active={active} onChoose={choose} />}
      <span class={suggestions.problem ? 'search-note' : 'visually-hidden'} role="status">
        {suggestions.problem && text('search.failed')}
        {suggestions.users && text('search.suggestions', { count: suggestions.users.length })}
      </span>
    </form>
  )
}

interface SearchResultsProps {
  state: DashboardState
  found: Found
}

/** The result of a search that found no user or several. */
export const SearchResults = ({ state, found: { users, isWhole, isTooShort } }: SearchResultsProps) => {
  const { text, rich } = useTexts()
  const search = <q>{state.search}</q>
  const more = text(isTooShort ? 'search.too-short' : 'search.more')
  if (users.length === 0)
    return (
      <p class="notice" role="status">
        {isWhole ? rich('search.none', { search }) : more}
      </p>
    )
  return (
    <div class="notice" role="status">
      <p>{rich('search.several', { count: users.length, search })}</p>
      <ul class="people">
        {users.map((user) => (
          <li key={user.id}>
            <Person user={user}>
              {text('search.id', { id: String(user.id) })} ·{' '}
              <a href={`${addressOf(boardChange(state, { around: user.id }))}#leaderboards`}>
                {text('search.rank')}
              </a>
            </Person>
          </li>
        ))}
      </ul>
      {!isWhole && <p>{more}</p>}
    </div>
  )
}
