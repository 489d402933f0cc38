import { nameOf } from '../../cards/nameOf.ts'
import { themes } from '../../cards/themes.ts'
import type { Profile } from '../../contributions/user.ts'
import { Choices } from '../parts/Choices.tsx'
import { Copy } from '../parts/Copy.tsx'
import { placeholderNote, useOrigin } from '../parts/origin.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { cardPath, embedCodes } from './embedCodes.ts'
import { profileAddress, type ProfileState } from './profileState.ts'

const themeNames = { light: 'Light', dark: 'Dark', auto: 'Match system' } as const

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

/** A user's card, and code to show card and badge on other sites. */
export const Embed = ({ user, state }: { user: Profile; state: ProfileState }) => {
  const { id } = user
  const origin = useOrigin()
  const options = { origin, id, name: nameOf(user), theme: state.theme }
  return (
    <section class="panel" id="embed" aria-labelledby="embed-title">
      <PanelHead
        id="embed-title"
        title="Card and badge"
        note="For a profile page or a README. They update automatically."
      />
      <Choices
        label="Card theme"
        choices={themes.map((theme) => ({
          name: themeNames[theme],
          href: `${profileAddress(id, { ...state, theme })}#embed`,
          isChosen: theme === state.theme,
        }))}
      />
      <img class="card" src={cardPath(options)} alt={`Contribution card of ${nameOf(user)}`} width={480} />
      <noscript>
        <p class="soft">{placeholderNote}.</p>
      </noscript>
      <div class="codes">
        {embedCodes(options).map(({ name, code }) => (
          <Code key={name} name={name} code={code} />
        ))}
      </div>
    </section>
  )
}
