/** Makes the choice of a language at one sample hold for all samples of the page. */
export const chooseLanguage = (): void => {
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.closest('.tabs') === null) return
    const before = target.getBoundingClientRect().top
    for (const other of document.querySelectorAll<HTMLInputElement>(`.tabs input[value="${target.value}"]`))
      other.checked = true
    // The samples above have other heights now. The one in use stays where it is.
    scrollBy(0, target.getBoundingClientRect().top - before)
  })
}
