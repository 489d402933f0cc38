import { createContext, type ComponentChildren } from 'preact'
import { useContext, useState } from 'preact/hooks'
import { givenName, graphemesOf, presentName } from '../../cards/names.ts'
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

/**
 * The origins from which pictures may be loaded. The operator chooses them, because their hosts can see who reads the
 * page.
 */
export const PictureOrigins = createContext<readonly string[]>([])

const originOf = (url: string | null): string | undefined =>
  (url !== null && URL.parse(url)?.origin) || undefined

/**
 * A user's picture in a circle. Falls back to the initial if the site does not allow the picture's host, or if it
 * cannot be loaded.
 */
export const Initial = ({ user, large = false }: InitialProps) => {
  const [failed, setFailed] = useState<string>()
  const origins = useContext(PictureOrigins)
  const { person } = useTexts()
  const { avatar_url: picture } = user
  const isShown = picture !== failed && origins.includes(originOf(picture) ?? '')
  return (
    <span class={`initial hue-${user.id % hues}${large ? ' initial-large' : ''}`} aria-hidden="true">
      {isShown && picture !== null ? (
        <img
          class="picture"
          src={picture}
          alt=""
          loading="lazy"
          decoding="async"
          referrerpolicy="no-referrer"
          onError={() => setFailed(picture)}
        />
      ) : (
        firstCharacter(person(user)).toUpperCase()
      )}
    </span>
  )
}

/** A user's name on one line, truncated with an ellipsis. The tooltip has the full name. */
export const Name = ({ user }: { user: Profile }) => {
  const { person } = useTexts()
  const name = person(user)
  return (
    <bdi class="name" title={name}>
      {name}
    </bdi>
  )
}

/** A user's username, if `Name` shows a different name; otherwise nothing. */
export const Username = ({ user }: { user: Profile }) => {
  const username = presentName(user.username)
  return username === undefined || username === givenName(user) ? null : (
    <bdi class="username soft" title={username}>
      {username}
    </bdi>
  )
}

interface PersonProps {
  user: Profile
  /** Whether to show the username beside a display name. */
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
