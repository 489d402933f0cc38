import { nameOf } from '../../cards/nameOf.ts'
import { themes } from '../../cards/themes.ts'
import type { Profile } from '../../contributions/user.ts'
import { Choices } from '../parts/Choices.tsx'
import { Copy } from '../parts/Copy.tsx'
import { placeholderNote, useOrigin } from '../parts/origin.ts'
import { profileAddress, type ProfileState } from '../profile/state.ts'
import { cardPath, codesOf } from './code.ts'

interface EmbedProps {
  user: Profile
  state: ProfileState
}

const themeNames = { light: 'Light', dark: 'Dark', auto: 'As the reader likes' } as const

/** One code, and a button that copies it. */
const Code = ({ name, code }: { name: string; code: string }) => (
  <div class="code">
    <div class="code-head">
      <h3>{name}</h3>
      <Copy name={name} text={code} />
    </div>
    <pre tabIndex={0} role="region" aria-label={name}>
      <code>{code}</code>
    </pre>
  </div>
)

/** A user's card and badge, and the codes that show them elsewhere. */
export const Embed = ({ user, state }: EmbedProps) => {
  const { id } = user
  const origin = useOrigin()
  const embedded = { origin, id, name: nameOf(user), theme: state.theme }
  return (
    <section class="panel" id="embed" aria-labelledby="embed-title">
      <div class="panel-head">
        <div>
          <h2 id="embed-title">Card and badge</h2>
          <p class="soft">For a profile page or a README; they follow the numbers by themselves</p>
        </div>
      </div>
      <Choices
        label="Colours of the card"
        choices={themes.map((theme) => ({
          name: themeNames[theme],
          href: `${profileAddress(id, { ...state, theme })}#embed`,
          isChosen: theme === state.theme,
        }))}
      />
      <img class="card" src={cardPath(embedded)} alt={`The card of ${nameOf(user)}`} width={480} />
      <noscript>
        <p class="soft">{placeholderNote}</p>
      </noscript>
      <div class="codes">
        {codesOf(embedded).map(({ name, code }) => (
          <Code key={name} name={name} code={code} />
        ))}
      </div>
    </section>
  )
}
