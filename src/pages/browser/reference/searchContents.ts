/*
 * Searches a table of contents: its entries, and the parameters and fields in the sections that they lead to.
 */

/** At most how many parameters and fields of a section are listed. */
const namesMax = 5

/** The element that a link of this page leads to. */
export const targetOf = (link: HTMLAnchorElement): Element | null =>
  document.getElementById(decodeURIComponent(link.hash.slice(1)))

const headingOf = (entry: Element): HTMLElement | null =>
  entry.querySelector<HTMLElement>(':scope > a, :scope > span')

/** The parameters and fields in the section that an entry leads to: their paths within it, by their IDs. */
const namesIn = (entry: Element): Map<string, string> => {
  const heading = headingOf(entry)
  const section = heading instanceof HTMLAnchorElement ? targetOf(heading) : null
  const named = section?.querySelectorAll('.property[id], .shared-parameters li') ?? []
  return new Map(Array.from(named, ({ id }) => [id, id.slice(id.indexOf('.') + 1)]))
}

/** The index of a table of contents, made when it is first searched. */
const names = new WeakMap<Element, Map<string, string>>()

const knownNamesIn = (entry: Element): Map<string, string> => {
  const known = names.get(entry) ?? namesIn(entry)
  names.set(entry, known)
  return known
}

const linkTo = (id: string, name: string): HTMLLIElement => {
  const link = document.createElement('a')
  link.href = `#${id}`
  link.appendChild(document.createElement('code')).textContent = name
  const item = document.createElement('li')
  item.appendChild(link)
  return item
}

/** Lists parameters and fields below an entry, in place of those that were listed before. */
const listNames = (entry: Element, found: readonly [id: string, name: string][]): void => {
  entry.querySelector(':scope > .contents-names')?.remove()
  if (found.length === 0) return
  const list = document.createElement('ul')
  list.className = 'contents-names'
  for (const [id, name] of found.slice(0, namesMax)) list.appendChild(linkTo(id, name))
  entry.appendChild(list)
}

/** The parameters and fields of an entry whose names contain the words that its heading does not. */
const namesWith = (entry: Element, words: readonly string[]): [id: string, name: string][] => {
  const heading = headingOf(entry)?.textContent.toLowerCase() ?? ''
  const missing = words.filter((word) => !heading.includes(word))
  if (missing.length === 0) return []
  return [...knownNamesIn(entry)].filter(([, path]) => {
    const name = path.slice(path.lastIndexOf('.') + 1)
    return missing.every((word) => (word.includes('.') ? path : name).includes(word))
  })
}

/**
 * Hides the entries of a list, except those that contain every word, those with a parameter or a field that does, and
 * the headings above them. Returns the number of matching entries.
 */
export const searchContents = (
  list: Element,
  words: readonly string[],
  isShownAnyway = words.length === 0,
): number => {
  let shown = 0
  for (const entry of list.querySelectorAll<HTMLElement>(':scope > li')) {
    const heading = headingOf(entry)?.textContent.toLowerCase() ?? ''
    const isMatch = isShownAnyway || words.every((word) => heading.includes(word))
    const found = isMatch ? [] : namesWith(entry, words)
    listNames(entry, found)
    const inner = [...entry.querySelectorAll(':scope > ul:not(.contents-names)')]
    const within = inner.reduce((sum, each) => sum + searchContents(each, words, isMatch), 0)
    entry.hidden = !isMatch && within === 0 && found.length === 0
    entry.toggleAttribute('data-match', isMatch)
    shown += within + (isMatch || found.length > 0 ? 1 : 0)
  }
  return shown
}
