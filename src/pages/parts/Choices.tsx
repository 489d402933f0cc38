import type { ComponentChildren } from 'preact'

/** One of several choices, and the address that selects it. */
export interface Choice {
  name: ComponentChildren
  href: string
  isChosen: boolean
  /** Why it is not available now. */
  unavailable?: string | undefined
}

/** A row of choices, as links: they work without JavaScript, and can be opened in another tab. */
export const Choices = ({ label, choices }: { label: string; choices: readonly Choice[] }) => (
  <ul class="choices" aria-label={label}>
    {choices.map(({ name, href, isChosen, unavailable }) => (
      <li key={href}>
        {unavailable === undefined ? (
          <a href={href} aria-current={isChosen ? 'true' : undefined}>
            {name}
          </a>
        ) : (
          <span class="unavailable" title={unavailable}>
            {name}
            <span class="visually-hidden"> ({unavailable})</span>
          </span>
        )}
      </li>
    ))}
  </ul>
)
