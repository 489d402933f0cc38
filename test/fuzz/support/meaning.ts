import { readInstant } from './instantContract.ts'

/* What a valid message means, in the project's types, written from the contract. */

type Raw = any // oxlint-disable-line typescript/no-explicit-any -- it was checked against the contract before

const contentOf = (raw: Raw) => ({ type: raw.type, id: String(raw.id) })

/** The fields that are set; `isSet` says whether null sets one. */
const given = (raw: Raw, names: readonly string[], isSet: (value: unknown) => boolean) =>
  Object.fromEntries(names.filter((name) => isSet(raw[name])).map((name) => [name, raw[name]]))

const profileOf = (raw: Raw) =>
  given(raw, ['username', 'display_name', 'avatar_url'], (value) => value !== undefined)

const factsOf = (raw: Raw, at: number | undefined) => ({
  groups: raw.groups ? [...new Set<string>(raw.groups)].sort() : undefined,
  id: raw.id,
  at,
  profile: profileOf(raw),
  flags: given(raw, ['is_active', 'is_system', 'is_hidden'], (value) => typeof value === 'boolean'),
  erased: false,
})

const contributorOf = (raw: Raw, at: number | undefined) => ({
  id: raw.id,
  at,
  profile: profileOf(raw),
  flags: {},
  erased: false,
})

const labelOf = (raw: Raw, at: number | undefined) =>
  raw.title || raw.url
    ? { content: contentOf(raw), title: raw.title ?? undefined, url: raw.url ?? undefined, at }
    : undefined

const amendedOf = (raw: Raw, at: number | undefined) => {
  const { user, locale, product, parent, self } = raw.set
  return {
    amendment: {
      content: contentOf(raw.content),
      type: raw.type ?? null,
      set: {
        ...(user && { userId: user.id }),
        ...(locale !== undefined && { locale: locale ?? '' }),
        ...(product !== undefined && { product: product ?? '' }),
        ...(parent !== undefined && { parent: parent && contentOf(parent) }),
        ...(self !== undefined && { self: self ?? false }),
      },
      at,
    },
    contributor: user && contributorOf(user, at),
  }
}

const createdOf = (raw: Raw, at: number | undefined) => ({
  contribution: {
    type: raw.type,
    userId: raw.user.id,
    occurredAt: readInstant(raw.occurred_at),
    content: contentOf(raw.content),
    parent: raw.parent ? contentOf(raw.parent) : null,
    locale: raw.locale ?? '',
    product: raw.product ?? '',
    self: raw.self ?? false,
  },
  contributor: contributorOf(raw.user, at),
  label: labelOf(raw.content, at),
  spam: raw.spam ?? false,
})

const correctionOf = (raw: Raw, at: number | undefined, retracted: boolean) => ({
  content: contentOf(raw.content),
  type: raw.type ?? null,
  retracted,
  at,
  reason: raw.reason ?? null,
})

const itemOf = (type: string, raw: Raw, at: number | undefined): unknown => {
  switch (type) {
    case 'contribution.created':
      return createdOf(raw, at)
    case 'contribution.retracted':
    case 'contribution.restored':
      return correctionOf(raw, at, type === 'contribution.retracted')
    case 'contribution.amended':
      return amendedOf(raw, at)
    case 'content.deleted':
    case 'content.undeleted':
      return { content: contentOf(raw.content), deleted: type === 'content.deleted', at }
    case 'user.updated':
      return factsOf(raw, at)
    case 'user.erased':
      return { id: raw.id, at, profile: {}, flags: {}, erased: true }
    default: {
      const since = raw.since ? readInstant(raw.since) : null
      return { type: raw.type, complete: raw.complete, since, at }
    }
  }
}

/** The result that `parseMessage` must have for a message that is valid by the contract. */
export const meaningOf = (message: Raw): unknown => {
  const list: Raw[] = Array.isArray(message.data) ? message.data : [message.data]
  const at = readInstant(message.timestamp)
  return { type: message.type, items: list.map((raw) => itemOf(message.type, raw, at)) }
}
