import * as z from 'zod/mini'
import { pointerOf } from './message.ts'
import { envelopeSchema, itemSchemas, messageTypes, type MessageType } from './schemas.ts'

/** A field that is ignored because the schema of its object does not name it. */
export interface UnknownField {
  path: readonly PropertyKey[]
  name: string
  /** The names that the schema knows. */
  known: readonly string[]
}

type Shape = Readonly<Record<string, z.core.$ZodType>>

/** The fields of an object's schema, unwrapped. */
const unwrap = (schema: z.core.$ZodType): Shape | undefined => {
  if (schema instanceof z.ZodMiniObject) return schema.def.shape
  if (schema instanceof z.ZodMiniOptional || schema instanceof z.ZodMiniNullable)
    return unwrap(schema.def.innerType)
  return schema instanceof z.ZodMiniPipe ? unwrap(schema.def.in) : undefined
}

const shapes = new Map<z.core.$ZodType, Shape | undefined>()

/** As `unwrap`, once for each schema: zod's instanceof is slow. */
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
 * The unknown fields of a value that is valid by a schema, in document order, only the outermost of each branch. An array
 * is a list of such values. Lazy, so that the first few are cheap however many there are.
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
    // Most fields are not objects, and a generator for each of them would cost more than the rest of this.
    else if (isObject(fields[name]))
      for (const field of unknownFields(known, fields[name])) yield below(name, field)
  }
}

/** The schemas of whole messages by type: the fields around the items, and those of one item of `data`. */
export const wholeMessages = (envelope: z.ZodMiniObject): Readonly<Record<MessageType, z.ZodMiniObject>> => {
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

/** No known field has more letters. */
const suggestedLettersMax = 20

/** How many edits a misspelling may be away from a known name. */
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

/** An unknown field, as a receipt names it. */
export interface Warning {
  /** A JSON Pointer into the message. */
  pointer: string
  detail: string
}

/** How many ignored fields a receipt names. */
export const warningsMax = 20

const messages = wholeMessages(envelopeSchema)

/** The first fields of a valid message that were ignored. */
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
