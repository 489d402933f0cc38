import { useState } from 'preact/hooks'
import { useTexts } from '../../texts/texts.ts'
import { searchContents } from './searchContents.ts'

/** Searches the table of contents, with the parameters and fields of its sections. Enter opens the first match; Escape shows all entries again. */
export const Search = ({ contents }: { contents: HTMLElement }) => {
  const { text } = useTexts()
  const [query, setQuery] = useState('')
  const [shown, setShown] = useState<number>()
  const search = (sought: string): void => {
    setQuery(sought)
    const words = sought.toLowerCase().split(/\s+/).filter(Boolean)
    const fold = contents.querySelector('details')
    const list = fold?.querySelector('ul')
    if (!fold || !list) return
    contents.classList.toggle('is-searched', words.length > 0)
    if (words.length > 0) fold.open = true
    const count = searchContents(list, words)
    setShown(words.length === 0 ? undefined : count)
  }
  const goToFirst = (): void => {
    contents.querySelector<HTMLAnchorElement>('li[data-match] > a, .contents-names a')?.click()
  }
  return (
    <form
      class="contents-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        goToFirst()
      }}
    >
      <label class="visually-hidden" for="contents-search">
        {text('docs.search')}
      </label>
      <input
        id="contents-search"
        type="search"
        value={query}
        placeholder={text('docs.search')}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => search(currentTarget.value)}
        onKeyDown={({ key }) => {
          if (key === 'Escape') search('')
        }}
      />
      <p class={shown === 0 ? 'soft' : 'visually-hidden'} role="status">
        {shown === 0 ? text('docs.none') : shown !== undefined && text('docs.found', { count: shown })}
      </p>
    </form>
  )
}
