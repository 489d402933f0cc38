import type { ComponentChildren } from 'preact'

/** One of several things that can be shown, and the address that shows it. */
export interface Choice {
  name: ComponentChildren
  href: string
  isChosen: boolean
  /** Why it cannot be chosen now. */
  unfit?: string | undefined
}

/** A row of choices, as links: they work without script, and can be opened in another tab. */
export const Choices = ({ label, choices }: { label: string; choices: readonly Choice[] }) => (
  <ul class="choices" aria-label={label}>
    {choices.map(({ name, href, isChosen, unfit }) => (
      <li key={href}>
        {unfit === undefined ? (
          <a href={href} aria-current={isChosen ? 'true' : undefined}>
            {name}
          </a>
        ) : (
          <span class="unfit" title={unfit}>
            {name}
            <span class="visually-hidden"> ({unfit})</span>
          </span>
        )}
      </li>
    ))}
  </ul>
)
