const openCurrent = (): void => {
  const target = document.querySelector(':target')
  if (!target) return
  const folds = [...document.querySelectorAll('details:not([open])')].filter((each) => each.contains(target))
  for (const each of folds) (each as HTMLDetailsElement).open = true
  if (folds.length > 0) target.scrollIntoView()
}

/** Opens the details elements around the target of the URL's fragment, now and whenever it changes. Not all browsers do. */
export const openTarget = (): void => {
  addEventListener('hashchange', openCurrent)
  openCurrent()
}
