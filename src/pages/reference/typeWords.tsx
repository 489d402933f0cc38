import type { ComponentChildren } from 'preact'
import type { Schema } from '../../openapi/openApi.ts'

/** The name of the shape that a reference leads to. */
const shapeOf = (reference: string): string => reference.split('/').at(-1) ?? reference

/** Where a shape is described on the page. */
export const shapeAnchor = (name: string): string => `shape-${name}`

const joined = (parts: readonly ComponentChildren[], between: string): ComponentChildren =>
  parts.map((part, index) => (index === 0 ? part : [between, part]))

const valueWord = (value: unknown): ComponentChildren => (
  <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
)

const range = (least: number | undefined, most: number | undefined, of: string): string[] => {
  const from = least === undefined || least === -Number.MAX_SAFE_INTEGER ? undefined : least
  const to = most === undefined || most === Number.MAX_SAFE_INTEGER ? undefined : most
  if (from !== undefined && to !== undefined) return [`${from} to ${to.toLocaleString('en')}${of}`]
  if (to !== undefined) return [`at most ${to.toLocaleString('en')}${of}`]
  return from === undefined || (from === 0 && of === '') ? [] : [`at least ${from}${of}`]
}

/** What kind of value a schema describes, in words; shapes that stand by themselves are linked to. */
export const typeWords = (schema: Schema): ComponentChildren => {
  if (schema.$ref !== undefined) {
    const name = shapeOf(schema.$ref)
    return <a href={`#${shapeAnchor(name)}`}>{name}</a>
  }
  if (schema.const !== undefined) return valueWord(schema.const)
  if (schema.enum) return joined(schema.enum.map(valueWord), ' or ')
  const options = schema.anyOf ?? schema.oneOf
  if (options) return joined(options.map(typeWords), ' or ')
  if (schema.type === 'array') {
    const limits = range(schema.minItems, schema.maxItems, ' items')
    const items = schema.items ? typeWords(schema.items) : 'anything'
    return ['array of ', items, ...limits.map((limit) => ` (${limit})`)]
  }
  if (schema.format !== undefined) return schema.format
  return [schema.type ?? 'anything'].flat().join(' or ')
}

/** What else must be true of a value: its bounds. A pattern is for programs, and stands in the document only. */
export const limitsOf = (schema: Schema): string[] => [
  ...range(schema.minimum, schema.maximum, ''),
  ...range(schema.minLength === 1 ? undefined : schema.minLength, schema.maxLength, ' characters'),
]
