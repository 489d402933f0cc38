import type { ComponentChildren } from 'preact'
import { graphemesOf, nameOf, presentName } from '../../cards/nameOf.ts'
import type { Profile } from '../../contributions/user.ts'
import { useTexts } from '../texts/texts.ts'

/** The first letter, digit or emoji of a name, or else its first character. */
const firstCharacter = (text: string): string => {
  const all = graphemesOf(text)
  return all.find((character) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(character)) ?? all[0] ?? ''
}

const hues = 6

interface InitialProps {
  user: Profile
  large?: boolean
}

/** A user's initial in a circle. Avatars are not shown, because pages load nothing from other hosts. */
export const Initial = ({ user, large = false }: InitialProps) => (
  <span class={`initial hue-${user.id % hues}${large ? ' initial-large' : ''}`} aria-hidden="true">
    {firstCharacter(nameOf(user)).toUpperCase()}
  </span>
)

/** A user's name on one line, cut with an ellipsis at the end of its column. The tooltip has the whole name. */
export const Name = ({ user }: { user: Profile }) => {
  const name = nameOf(user)
  return (
    <bdi class="name" title={name}>
      {name}
    </bdi>
  )
}

/** A user's username, where `Name` shows another name; otherwise nothing. */
export const Username = ({ user }: { user: Profile }) => {
  const username = presentName(user.username)
  return username === undefined || username === nameOf(user) ? null : (
    <bdi class="username soft" title={username}>
      {username}
    </bdi>
  )
}

interface PersonProps {
  user: Profile
  /** Whether the username stands beside a display name. */
  withUsername?: boolean
  children?: ComponentChildren
}

/** A user in a list: initial, name with a link to their page, and a line below. */
export const Person = ({ user, withUsername = false, children }: PersonProps) => {
  const { link } = useTexts()
  return (
    <span class="person">
      <Initial user={user} />
      <span class="person-text">
        <span class="person-names">
          <a class="person-name" href={link(`/users/${user.id}`)}>
            <Name user={user} />
          </a>
          {withUsername && <Username user={user} />}
        </span>
        {children && <span class="person-more">{children}</span>}
      </span>
    </span>
  )
}
