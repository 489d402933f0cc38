import * as z from 'zod/mini'
import { pointerOf } from '../failure.ts'
import { envelopeSchema, itemSchemas, messageTypes, type MessageType } from './schemas.ts'

/** A field that the schema of its object does not name, and that is therefore ignored. */
export interface UnknownField {
  path: readonly string[]
  name: string
  /** The names in the schema. */
  known: readonly string[]
}

type Fields = ReadonlyMap<string, z.core.$ZodType>

/** The fields of an object schema, looking through optional, nullable and pipe; undefined for any other schema. */
const unwrap = (schema: z.core.$ZodType): Fields | undefined => {
  if (schema instanceof z.ZodMiniObject) return new Map(Object.entries(schema.def.shape))
  if (schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniNullable)
    return unwrap(schema.def.innerType)
  return schema instanceof z.ZodMiniPipe ? unwrap(schema.def.in) : undefined
}

const unwrapped = new Map<z.core.$ZodType, Fields | undefined>()

/** `unwrap`, memoized: zod's instanceof is slow. */
const fieldsOf = (schema: z.core.$ZodType): Fields | undefined => {
  if (!unwrapped.has(schema)) unwrapped.set(schema, unwrap(schema))
  return unwrapped.get(schema)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** A path as a linked list, its last key first: most paths are never needed as a whole. */
interface Place {
  key: string | number
  above: Place | undefined
}

const pathTo = (place: Place | undefined): string[] =>
  place === undefined ? [] : [...pathTo(place.above), String(place.key)]

/**
 * The first `most` unknown fields of a value that the schema accepts, in document order, without those inside unknown
 * fields. For an array, those of each item.
 */
export const unknownFields = (
  schema: z.core.$ZodType,
  value: unknown,
  most = Number.POSITIVE_INFINITY,
): UnknownField[] => {
  const found: UnknownField[] = []
  const search = (inner: z.core.$ZodType, field: unknown, place?: Place): void => {
    const fields = fieldsOf(inner)
    if (fields === undefined || !isObject(field)) return
    if (Array.isArray(field)) {
      for (let key = 0; key < field.length; key += 1) search(inner, field[key], { key, above: place })
      return
    }
    for (const key in field) {
      if (found.length >= most) return
      const known = fields.get(key)
      if (known === undefined)
        found.push({ path: pathTo({ key, above: place }), name: key, known: [...fields.keys()] })
      else if (isObject(field[key])) search(known, field[key], { key, above: place })
    }
  }
  search(schema, value)
  return found
}

/** The schema of a whole message by type, with `data` as a single item. */
export const messageSchemasIn = (
  envelope: z.ZodMiniObject,
): Readonly<Record<MessageType, z.ZodMiniObject>> => {
  const whole = messageTypes.map((type): [MessageType, z.ZodMiniObject] => [
    type,
    z.extend(envelope, { data: itemSchemas[type] }),
  ])
  return Object.fromEntries(whole) as Record<MessageType, z.ZodMiniObject>
}

/** The number of single-character insertions, deletions and substitutions between two words (Levenshtein). */
const distanceBetween = (one: string, other: string): number => {
  let distances = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [row, letter] of Array.from(one).entries()) {
    const next = [row + 1]
    for (let column = 0; column < other.length; column += 1) {
      const substituted = (distances[column] ?? 0) + (letter === other[column] ? 0 : 1)
      next.push(Math.min(substituted, (distances[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    distances = next
  }
  return distances[other.length] ?? 0
}

/** No known field has more letters than this. */
const suggestedLettersMax = 20

/** The maximum edit distance between a misspelling and the suggested name. */
const suggestedDistanceMax = 2

const simplified = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '')

/** The known name that is closest, ignoring case and underscores; undefined if none is close. */
export const suggestionFor = ({ name, known }: UnknownField): string | undefined => {
  if (name.length > 2 * suggestedLettersMax) return undefined
  const given = simplified(name)
  let closest: string | undefined
  let least = Math.min(suggestedDistanceMax, given.length - 2) + 1
  for (const candidate of known) {
    const distance = distanceBetween(given, simplified(candidate))
    if (distance >= least) continue
    least = distance
    closest = candidate
  }
  return closest
}

/** An unknown field as the receipt reports it. */
export interface Warning {
  /** A JSON Pointer into the message. */
  pointer: string
  detail: string
}

/** The maximum number of warnings in a receipt. */
export const warningsMax = 20

const messages = messageSchemasIn(envelopeSchema)

/** Warnings for the first unknown fields of a valid message, at most 20. */
export const warningsOf = (type: MessageType, input: unknown): Warning[] =>
  unknownFields(messages[type], input, warningsMax).map((field) => {
    const meant = suggestionFor(field)
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    return { pointer: pointerOf(field.path), detail: `Ignored: unknown field${hint}` }
  })
