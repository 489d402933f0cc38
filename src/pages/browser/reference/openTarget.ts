const openCurrent = (): void => {
  const target = document.querySelector(':target')
  if (!target) return
  const folds = [...document.querySelectorAll('details:not([open])')].filter((each) => each.contains(target))
  for (const each of folds) (each as HTMLDetailsElement).open = true
  if (folds.length > 0) target.scrollIntoView()
}

/** Opens what folds the target of the address away, now and whenever it changes, as not all browsers do by themselves. */
export const openTarget = (): void => {
  addEventListener('hashchange', openCurrent)
  openCurrent()
}
