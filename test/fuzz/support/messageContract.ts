import { readInstant } from './instantContract.ts'

/*
 * A second implementation of the contract's messages, without the project's schemas: the errors of a message, as JSON
 * Pointers.
 */

/** The invalid places below a value; '' is the value itself. */
type Rule = (value: unknown) => string[]

type Fields = Record<string, unknown>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of a field, ignoring what objects inherit. */
const fieldOf = (value: Fields, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined

const holds =
  (test: (value: unknown) => boolean): Rule =>
  (value) =>
    test(value) ? [] : ['']

/** A field that may be absent or null. */
const maybe =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || value === null ? [] : rule(value)

const object =
  (rules: Record<string, Rule>): Rule =>
  (value) =>
    isObject(value)
      ? Object.entries(rules).flatMap(([name, rule]) =>
          rule(fieldOf(value, name)).map((place) => `/${name}${place}`),
        )
      : ['']

const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code <= 0x9f)

/** Whether a value is well-formed text of 1 to `most` code points without control characters. */
export const isText = (value: unknown, most: number): value is string => {
  if (typeof value !== 'string' || !value.isWellFormed()) return false
  let characters = 0
  for (const character of value) {
    characters += 1
    if (characters > most || isControl(character.codePointAt(0) ?? 0)) return false
  }
  return characters >= 1
}

/** A name of a group has the form of a product. */
const isGroups = (value: unknown): boolean => Array.isArray(value) && value.length <= 50

const isBetween = (value: unknown, least: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= 2 ** 53 - 1

/** Whether a value is text of 1 to `most` of the allowed characters. */
const isMadeOf = (value: unknown, allowed: string, most: number): boolean =>
  isText(value, most) && Array.from(value).every((character) => allowed.includes(character))

const digits = '0123456789'
const small = 'abcdefghijklmnopqrstuvwxyz'
const letters = small + small.toUpperCase()

export const isLocale = (value: unknown): boolean => {
  if (!isText(value, 35)) return false
  const [language = '', ...rest] = value.split('-')
  return (
    language.length >= 2 &&
    isMadeOf(language, letters, 8) &&
    rest.every((part) => isMadeOf(part, letters + digits, 8))
  )
}

export const isProduct = (value: unknown): boolean =>
  isMadeOf(value, `${small}${digits}._-`, 64) && !'._-'.includes(String(value).charAt(0))

const isPicture = (value: unknown): boolean => {
  // RFC 3986 forbids these characters in a URL, although browsers accept them.
  if (!isText(value, 2048) || /[\s"<>\\]/u.test(value)) return false
  return value.toLowerCase().startsWith('https://') && URL.canParse(value)
}

export const types = ['question', 'answer', 'solution', 'kb_edit', 'kb_review', 'helpful_vote']
export const reasons = ['spam', 'unsolved', 'fraud', 'mistake', 'other']

const oneOf = (values: readonly string[]): Rule => holds((value) => values.some((known) => known === value))
const flag = holds((value) => value === true || value === false)
const id = holds((value) => isBetween(value, 1))
const instant = holds((value) => typeof value === 'string' && readInstant(value) !== undefined)
const content = object({
  type: holds((value) => isMadeOf(value, `${small}${digits}_.`, 64)),
  id: holds((value) => isText(value, 128) || isBetween(value, 0)),
})
const name = maybe(holds((value) => isText(value, 254)))
const user = { id, username: name, display_name: name, avatar_url: maybe(holds(isPicture)) }

/** Whether a value is well-formed text of 1 to 254 code points other than U+0000. */
const isTitle = (value: unknown): boolean => {
  if (typeof value !== 'string' || !value.isWellFormed() || value.includes('\0')) return false
  const characters = Array.from(value).length
  return characters >= 1 && characters <= 254
}

const label = object({ title: maybe(holds(isTitle)), url: maybe(holds(isPicture)) })

const absent = holds((value) => value === undefined)

/** Values of an amendment: one at least, and none that cannot be amended. */
const amended: Rule = (value) => {
  const wrong = object({
    user: (given) => (given === undefined ? [] : object(user)(given)),
    locale: maybe(holds(isLocale)),
    product: maybe(holds(isProduct)),
    parent: maybe(content),
    self: maybe(flag),
  })(value)
  if (wrong.length > 0 || !isObject(value)) return wrong
  const fixed = object({ type: absent, content: absent, occurred_at: absent })(value)
  if (fixed.length > 0) return fixed
  const names = ['user', 'locale', 'product', 'parent', 'self']
  return names.every((each) => fieldOf(value, each) === undefined) ? [''] : []
}

const groups: Rule = (value) => {
  if (!isGroups(value)) return ['']
  return (value as unknown[]).flatMap((each, index) => (isProduct(each) ? [] : [`/${index}`]))
}

const contribution = object({
  type: oneOf(types),
  user: object(user),
  occurred_at: instant,
  content: (value) => [...content(value), ...(isObject(value) ? label(value) : [])],
  parent: maybe(content),
  locale: maybe(holds(isLocale)),
  product: maybe(holds(isProduct)),
  self: maybe(flag),
  spam: maybe(flag),
})

const items: Record<string, Rule> = {
  'contribution.created': contribution,
  'contribution.retracted': object({ content, type: maybe(oneOf(types)), reason: oneOf(reasons) }),
  'contribution.restored': object({ content, type: maybe(oneOf(types)), reason: maybe(oneOf(reasons)) }),
  'contribution.amended': object({ content, type: maybe(oneOf(types)), set: amended }),
  'content.deleted': object({ content }),
  'content.undeleted': object({ content }),
  'user.updated': object({
    ...user,
    is_active: maybe(flag),
    is_system: maybe(flag),
    is_hidden: maybe(flag),
    groups: maybe(groups),
  }),
  'user.erased': object({ id }),
  'coverage.declared': object({ type: oneOf(types), complete: flag, since: maybe(instant) }),
}

export const messageTypes = Object.keys(items)

const envelope = object({ type: oneOf(messageTypes), timestamp: instant })

const aheadMilliseconds = 5 * 60_000

/** A well-formed contribution may still be dated before 2000 or in the future. */
const ofItsTime = (item: unknown, now: number): string[] => {
  const occurredAt = isObject(item) ? readInstant(String(fieldOf(item, 'occurred_at'))) : undefined
  if (occurredAt === undefined) return []
  const counts = occurredAt >= Date.UTC(2000, 0) && occurredAt <= now + aheadMilliseconds
  return counts ? [] : ['/occurred_at']
}

/** The invalid places of a message; empty if it must be accepted. */
export const faultsOf = (message: unknown, now: number): string[] => {
  const wrong = envelope(message)
  if (wrong.length > 0 || !isObject(message)) return wrong
  const type = String(message['type'])
  if ((readInstant(String(message['timestamp'])) ?? 0) > now + aheadMilliseconds) return ['/timestamp']
  const data = fieldOf(message, 'data')
  const list: unknown[] = Array.isArray(data) ? data : [data]
  if (Array.isArray(data) && (data.length === 0 || data.length > 1000)) return ['/data']
  return list.flatMap((item, index) => {
    const places = items[type]?.(item) ?? ['']
    const late = type === 'contribution.created' && places.length === 0 ? ofItsTime(item, now) : []
    return [...places, ...late].map((place) => `/data${Array.isArray(data) ? `/${index}` : ''}${place}`)
  })
}
