import type { localeRules } from './definitions/schema.ts'
import { definitions } from './definitions/definitions.ts'
import { parseUserId } from './contributions/user.ts'
import { localePattern } from './definitions/patterns.ts'

/** The variables and secrets that an operator sets, parsed. */
export interface Configuration {
  /** HMAC keys. A webhook may be signed with any of them. */
  WEBHOOK_SECRETS: readonly Uint8Array<ArrayBuffer>[]
  ADMIN_TOKEN: string
  /** `''` for the default locale of the definitions. */
  DEFAULT_LOCALE: string
  /** Accounts whose contributions are ignored. */
  SYSTEM_USER_IDS: ReadonlySet<number>
  RATE_LIMITS: 'on' | 'off'
  /** The origins from which pages may load users' pictures; none by default. */
  PICTURE_ORIGINS: readonly string[]
  /** The https origin that readers know the service by; `''` if it is not set. */
  PUBLIC_ORIGIN: string
}
export type VariableName = keyof Configuration

/** The variables as set, unvalidated. */
type RawVariables = { readonly [Name in VariableName]?: unknown }

interface Variable<Value> {
  /** Returns undefined for an invalid value. */
  parse: (text: string) => Value | undefined
  /** Describes a valid value. */
  use: string
  /** What the Worker does while the value is invalid. */
  consequence: string
}

/** The Retry-After of a request that needs an invalid variable. */
export const misconfiguredRetrySeconds = 60

/**
 * A variable is missing or invalid. The message says which one and what to use. It never quotes the value, which may be
 * secret.
 */
export class Misconfigured extends Error {
  override name = 'Misconfigured'
  readonly variable: VariableName
  /** What the Worker does while the value is invalid. */
  readonly consequence: string

  constructor(variable: VariableName, { use, consequence }: Pick<Variable<unknown>, 'use' | 'consequence'>) {
    super(`Invalid variable ${variable}: ${use}`)
    this.variable = variable
    this.consequence = consequence
  }
}

/** Standard Webhooks recommends keys of 24 to 64 random bytes ("Signature scheme"). A shorter one could be guessed. */
const keyBytesMin = 24

const parseKey = (secret: string): Uint8Array<ArrayBuffer> | undefined => {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  if (base64 === undefined) return undefined
  try {
    const key = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return key.byteLength < keyBytesMin ? undefined : key
  } catch {
    return undefined // Base64 cannot have this length.
  }
}

/** One invalid secret makes the whole variable invalid, so that a mistake does not go unnoticed. */
const parseSecrets = (text: string): Uint8Array<ArrayBuffer>[] | undefined => {
  const secrets = text.split(/\s+/).filter((secret) => secret !== '')
  const keys = secrets.flatMap((secret) => parseKey(secret) ?? [])
  return keys.length > 0 && keys.length === secrets.length ? keys : undefined
}

const parseUserIds = (text: string): ReadonlySet<number> | undefined => {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  return ids.every((id) => parseUserId(id) !== undefined) ? new Set(ids.map(Number)) : undefined
}

/**
 * Accepts an origin only in the form that browsers serialize: no path, no query, no upper case. It goes into the policy
 * unchanged.
 */
const isHttpsOrigin = (text: string): boolean =>
  /^https:\/\/[a-z0-9.-]+(?::\d+)?$/.test(text) && URL.parse(text)?.origin === text

const originsMax = 10

const parseOrigins = (text: string): readonly string[] | undefined => {
  const origins = text.split(/\s+/).filter((origin) => origin !== '')
  return origins.length <= originsMax && origins.every(isHttpsOrigin) ? origins : undefined
}

const variables: { readonly [Name in VariableName]: Variable<Configuration[Name]> } = {
  WEBHOOK_SECRETS: {
    parse: parseSecrets,
    use: `use one or more secrets, separated by spaces, each "whsec_" and the base64 of at least ${keyBytesMin} random bytes`,
    consequence: 'webhooks are answered with 503',
  },
  ADMIN_TOKEN: {
    parse: (text) => (/^[!-~]+$/.test(text) ? text : undefined),
    use: 'use a token of letters, digits and other ASCII characters, without spaces',
    consequence: 'operator requests are answered with 503',
  },
  DEFAULT_LOCALE: {
    parse: (text) => (text === '' || localePattern.test(text) ? text : undefined),
    use: 'use a locale like "en-US", or "" for the default locale of definitions.json',
    consequence: 'audits, and boards and metrics that depend on it, are answered with 503',
  },
  SYSTEM_USER_IDS: {
    parse: parseUserIds,
    use: 'use user IDs separated by commas, like "9,10", or "" for none',
    consequence: 'webhooks are answered with 503, and a backfill fails',
  },
  RATE_LIMITS: {
    parse: (text) => (text === 'on' || text === 'off' ? text : undefined),
    use: 'use "on" or "off"',
    consequence: 'rate limits apply',
  },
  PICTURE_ORIGINS: {
    parse: parseOrigins,
    use: `use at most ${originsMax} origins like "https://pictures.example.org", separated by spaces, or "" for none`,
    consequence: 'pages show initials in place of pictures',
  },
  PUBLIC_ORIGIN: {
    parse: (text) => (text === '' || isHttpsOrigin(text) ? text : undefined),
    use: 'use an origin like "https://perennial.example.org", or "" for none',
    consequence: 'links that are shared show no picture where that needs an absolute address',
  },
}

export const variableNames = Object.keys(variables) as [VariableName, ...VariableName[]]

/** Caches the last parsed text of each variable with its value: parsing secrets takes as long as checking a signature. */
const parsed: { [Name in VariableName]?: { text: string; value: Configuration[Name] } } = {}

/**
 * The value of a variable; the same object for as long as its text is unchanged. Throws Misconfigured if it is missing
 * or invalid.
 */
export const configured = <Name extends VariableName>(
  given: RawVariables,
  name: Name,
): Configuration[Name] => {
  const text = given[name]
  const last = parsed[name]
  if (last !== undefined && last.text === text) return last.value
  const value = typeof text === 'string' ? variables[name].parse(text) : undefined
  if (typeof text !== 'string' || value === undefined) throw new Misconfigured(name, variables[name])
  Object.assign(parsed, { [name]: { text, value } })
  return value
}

/** An error for each missing or invalid variable. */
export const misconfigurations = (given: RawVariables): Misconfigured[] =>
  variableNames.flatMap((name) => {
    try {
      configured(given, name)
      return []
    } catch (error) {
      if (error instanceof Misconfigured) return [error]
      throw error
    }
  })

/** The value of a variable, or `otherwise` while it is invalid: for what pages can do without. */
const configuredOr = <Name extends VariableName, Otherwise>(
  given: RawVariables,
  name: Name,
  otherwise: Otherwise,
): Configuration[Name] | Otherwise => {
  try {
    return configured(given, name)
  } catch (error) {
    if (error instanceof Misconfigured) return otherwise
    throw error
  }
}

/** The origins that pages may load users' pictures from: none while the variable is invalid. */
export const pictureOriginsOf = (given: RawVariables): readonly string[] =>
  configuredOr(given, 'PICTURE_ORIGINS', [])

/** The origin that readers know the service by: `''` while it is not set or invalid. */
export const publicOriginOf = (given: RawVariables): string => configuredOr(given, 'PUBLIC_ORIGIN', '')

/** Throws Misconfigured when a locale rule depends on DEFAULT_LOCALE and its value is invalid. */
export const requireDefaultLocale = (
  given: RawVariables,
  { locale: rule }: { locale: (typeof localeRules)[number] },
): void => {
  if (rule !== 'any') configured(given, 'DEFAULT_LOCALE')
}

/** DEFAULT_LOCALE, or the default locale of the definitions if it is empty. Call `requireDefaultLocale` first. */
export const defaultLocaleOf = ({ DEFAULT_LOCALE: given }: Pick<Configuration, 'DEFAULT_LOCALE'>): string =>
  given === '' ? definitions.site.default_locale : given

/** Like `defaultLocaleOf`, for what is served even if DEFAULT_LOCALE is invalid: then returns undefined. */
export const knownDefaultLocale = (given: RawVariables): string | undefined => {
  const valid = configuredOr(given, 'DEFAULT_LOCALE', undefined)
  return valid === undefined ? undefined : defaultLocaleOf({ DEFAULT_LOCALE: valid })
}

const logged = new WeakSet<object>()

/** Logs each invalid variable as a line of JSON, once per environment. */
export const logMisconfigurations = (given: RawVariables): void => {
  if (logged.has(given)) return
  logged.add(given)
  for (const { variable, message, consequence } of misconfigurations(given))
    console.error(JSON.stringify({ event: 'misconfigured', variable, detail: message, until: consequence }))
}
