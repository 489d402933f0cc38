import type { Texts } from '../../texts/texts.ts'

const shownMilliseconds = 2000

/** Makes a click on the link beside a heading also copy the section's address. */
export const copyAddresses = ({ text }: Texts): void => {
  const status = document.createElement('span')
  status.className = 'visually-hidden'
  status.setAttribute('role', 'status')
  document.querySelector('main')?.appendChild(status)
  const copy = async (link: HTMLAnchorElement): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link.href)
    } catch {
      return // The address is in the address bar anyway.
    }
    link.textContent = '✓'
    status.textContent = text('copy.done')
    setTimeout(() => {
      link.textContent = '#'
      status.textContent = ''
    }, shownMilliseconds)
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-anchor]'))
    link.addEventListener('click', () => void copy(link))
}
