import { useEffect, useState } from 'preact/hooks'
import { useTexts } from '../../texts/texts.ts'

/**
 * Hides the entries of a list, except those that contain every word and the headings above them. Returns the number of
 * matching entries.
 */
const filter = (list: Element, words: readonly string[], isShownAnyway: boolean): number => {
  let shown = 0
  for (const entry of list.querySelectorAll<HTMLElement>(':scope > li')) {
    const heading = entry.querySelector(':scope > a, :scope > span')?.textContent.toLowerCase() ?? ''
    const isMatch = isShownAnyway || words.every((word) => heading.includes(word))
    const inner = [...entry.querySelectorAll(':scope > ul')].map((each) => filter(each, words, isMatch))
    const within = inner.reduce((sum, count) => sum + count, 0)
    entry.hidden = !isMatch && within === 0
    entry.toggleAttribute('data-match', isMatch)
    shown += within + (isMatch ? 1 : 0)
  }
  return shown
}

/** Searches the table of contents. Enter opens the first match; Escape shows all entries again. */
export const Search = ({ contents }: { contents: HTMLElement }) => {
  const { text } = useTexts()
  const [query, setQuery] = useState('')
  const [shown, setShown] = useState<number>()
  useEffect(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const list = contents.querySelector(':scope > ul')
    contents.classList.toggle('is-searched', words.length > 0)
    const count = list ? filter(list, words, words.length === 0) : 0
    setShown(words.length === 0 ? undefined : count)
  }, [query])
  const goToFirst = (): void => {
    contents.querySelector<HTMLAnchorElement>('li[data-match] > a')?.click()
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
        onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        onKeyDown={({ key }) => {
          if (key === 'Escape') setQuery('')
        }}
      />
      <p class={shown === 0 ? 'soft' : 'visually-hidden'} role="status">
        {shown === 0 ? text('docs.none') : shown !== undefined && text('docs.found', { count: shown })}
      </p>
    </form>
  )
}
