import type { localeRules } from './contributions/definitions.ts'
import { locale } from './ingest/fields.ts'

/** The variables and secrets that an operator sets, as the rest of the code uses them. */
export interface Configuration {
  /** HMAC keys: a message signed with any of them is taken. */
  WEBHOOK_SECRETS: readonly Uint8Array<ArrayBuffer>[]
  ADMIN_TOKEN: string
  DEFAULT_LOCALE: string
  /** Accounts whose contributions are ignored. */
  SYSTEM_USER_IDS: ReadonlySet<number>
  RATE_LIMITS: 'on' | 'off'
}
export type VariableName = keyof Configuration

/** The variables as they are set: anything, or nothing. */
type Given = { readonly [Name in VariableName]?: unknown }

interface Variable<Value> {
  /** undefined when the text cannot be used. */
  parse: (text: string) => Value | undefined
  /** What would be right. */
  use: string
  /** What the Worker does for as long as it is wrong. */
  until: string
}

/** A variable cannot be used. The message says which one and what would be right, never what it holds. */
export class Misconfigured extends Error {
  override name = 'Misconfigured'
  readonly variable: VariableName
  /** What the Worker does for as long as it is wrong. */
  readonly until: string

  constructor(variable: VariableName, { use, until }: Pick<Variable<unknown>, 'use' | 'until'>) {
    super(`Cannot use the variable ${variable}: ${use}`)
    this.variable = variable
    this.until = until
  }
}

/** Standard Webhooks, "Signature scheme": a key has 24 to 64 random bytes. A shorter one can be guessed. */
const keyBytesMin = 24

const parseKey = (secret: string): Uint8Array<ArrayBuffer> | undefined => {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  if (base64 === undefined) return undefined
  try {
    const key = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return key.byteLength < keyBytesMin ? undefined : key
  } catch {
    return undefined // the length is none that base64 can have
  }
}

/** One bad secret among good ones spoils all: it was meant to be used, and nobody would notice. */
const parseSecrets = (text: string): Uint8Array<ArrayBuffer>[] | undefined => {
  const secrets = text.split(/\s+/).filter((secret) => secret !== '')
  const keys = secrets.flatMap((secret) => parseKey(secret) ?? [])
  return keys.length > 0 && keys.length === secrets.length ? keys : undefined
}

const isUserId = (id: string): boolean => /^[1-9][0-9]{0,15}$/.test(id) && Number.isSafeInteger(Number(id))

const parseUserIds = (text: string): ReadonlySet<number> | undefined => {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  return ids.every(isUserId) ? new Set(ids.map(Number)) : undefined
}

const variables: { readonly [Name in VariableName]: Variable<Configuration[Name]> } = {
  WEBHOOK_SECRETS: {
    parse: parseSecrets,
    use: `use one or more secrets, separated by spaces, each "whsec_" and the base64 of at least ${keyBytesMin} random bytes`,
    until: 'webhooks are refused with 503',
  },
  ADMIN_TOKEN: {
    parse: (text) => (/^[!-~]+$/.test(text) ? text : undefined),
    use: 'use a token of letters, digits and other ASCII characters, without spaces',
    until: 'requests of the operator are refused with 503',
  },
  DEFAULT_LOCALE: {
    parse: (text) => (locale.safeParse(text).success ? text : undefined),
    use: 'use a locale like "en-US"',
    until: 'boards and metrics that depend on it, and audits, are refused with 503',
  },
  SYSTEM_USER_IDS: {
    parse: parseUserIds,
    use: 'use ids of users separated by commas, like "9,10", or "" for none',
    until: 'webhooks are refused with 503, and so is a backfill',
  },
  RATE_LIMITS: {
    parse: (text) => (text === 'on' || text === 'off' ? text : undefined),
    use: 'use "on" or "off"',
    until: 'requests are limited',
  },
}

export const variableNames = Object.keys(variables) as [VariableName, ...VariableName[]]

/** The value of one variable. Throws Misconfigured when it is not set, or cannot be used. */
export const configured = <Name extends VariableName>(given: Given, name: Name): Configuration[Name] => {
  const text = given[name]
  const value = typeof text === 'string' ? variables[name].parse(text) : undefined
  if (value === undefined) throw new Misconfigured(name, variables[name])
  return value
}

/** Everything that is wrong with the configuration. */
export const misconfigurations = (given: Given): Misconfigured[] =>
  variableNames.flatMap((name) => {
    try {
      configured(given, name)
      return []
    } catch (error) {
      if (error instanceof Misconfigured) return [error]
      throw error
    }
  })

/** Throws Misconfigured when what counts depends on a DEFAULT_LOCALE that cannot be used. */
export const requireDefaultLocale = (
  given: Given,
  { locale: rule }: { locale: (typeof localeRules)[number] },
): void => {
  if (rule !== 'any') configured(given, 'DEFAULT_LOCALE')
}

const logged = new WeakSet<object>()

/** Writes a line of JSON for everything that is wrong with an environment, the first time it is seen. */
export const logMisconfigurations = (given: Given): void => {
  if (logged.has(given)) return
  logged.add(given)
  for (const { variable, message, until } of misconfigurations(given))
    console.error(JSON.stringify({ event: 'misconfigured', variable, detail: message, until }))
}
