import * as z from 'zod/mini'
import { pointerOf } from './message.ts'
import { envelopeSchema, itemSchemas, messageTypes, type MessageType } from './schemas.ts'

/** A field that the schema of its object does not name, and that is therefore ignored. */
export interface UnknownField {
  path: readonly PropertyKey[]
  name: string
  /** The names in the schema. */
  known: readonly string[]
}

type Shape = Readonly<Record<string, z.core.$ZodType>>

/** The fields of an object schema, looking through optional, nullable and pipe; undefined for any other schema. */
const unwrap = (schema: z.core.$ZodType): Shape | undefined => {
  if (schema instanceof z.ZodMiniObject) return schema.def.shape
  if (schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniNullable)
    return unwrap(schema.def.innerType)
  return schema instanceof z.ZodMiniPipe ? unwrap(schema.def.in) : undefined
}

const shapes = new Map<z.core.$ZodType, Shape | undefined>()

/** `unwrap`, memoized: zod's instanceof is slow. */
const shapeOf = (schema: z.core.$ZodType): Shape | undefined => {
  if (!shapes.has(schema)) shapes.set(schema, unwrap(schema))
  return shapes.get(schema)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const below = (key: PropertyKey, field: UnknownField): UnknownField => ({
  ...field,
  path: [key, ...field.path],
})

/**
 * Yields the unknown fields of a value that the schema accepts, in document order, without descending into unknown
 * fields. For an array, yields those of each item. Lazy: taking the first few is cheap however many there are.
 */
export const unknownFields = function* (schema: z.core.$ZodType, value: unknown): Generator<UnknownField> {
  if (!isObject(value)) return
  const shape = shapeOf(schema)
  if (shape === undefined) return
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const field of unknownFields(schema, item)) yield below(index, field)
    return
  }
  const fields = value as Readonly<Record<string, unknown>>
  for (const name of Object.keys(fields)) {
    const known = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (known === undefined) yield { path: [name], name, known: Object.keys(shape) }
    // Recurses only into objects: most fields are not, and creating a generator for each would dominate the cost.
    else if (isObject(fields[name]))
      for (const field of unknownFields(known, fields[name])) yield below(name, field)
  }
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
export const warningsOf = (type: MessageType, input: unknown): Warning[] => {
  return unknownFields(messages[type], input)
    .take(warningsMax)
    .map((field) => {
      const meant = suggestionFor(field)
      const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
      return { pointer: pointerOf(field.path), detail: `Ignored: unknown field${hint}` }
    })
    .toArray()
}
