import type { Texts } from '../../texts/texts.ts'

const shownMilliseconds = 2000

/** Lets a click on the link beside a heading copy the section's address, besides leading there. */
export const copyAddresses = ({ text }: Texts): void => {
  const status = document.createElement('span')
  status.className = 'visually-hidden'
  status.setAttribute('role', 'status')
  document.querySelector('main')?.appendChild(status)
  const copy = async (link: HTMLAnchorElement): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link.href)
    } catch {
      return // The address is in the address bar all the same.
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
