import type { ComponentChildren } from 'preact'
import type { OpenApiDocument, Schema } from '../openapi/openApi.ts'

/** The name of the schema that a reference points to. */
const nameOf = (reference: string): string => reference.split('/').at(-1) ?? reference

/** Resolves a schema that may be a reference. */
export const resolve = (schema: Schema, { components }: OpenApiDocument): Schema =>
  schema.$ref === undefined ? schema : (components.schemas[nameOf(schema.$ref)] ?? schema)

/** The ID of a schema's section on the page. */
export const schemaAnchor = (name: string): string => `schema-${name}`

const join = (parts: readonly ComponentChildren[], between: string): ComponentChildren =>
  parts.map((part, index) => (index === 0 ? part : [between, part]))

const valueText = (value: unknown): ComponentChildren => (
  <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
)

const range = (min: number | undefined, max: number | undefined, unit: string): string[] => {
  const from = min === undefined || min === -Number.MAX_SAFE_INTEGER ? undefined : min
  const to = max === undefined || max === Number.MAX_SAFE_INTEGER ? undefined : max
  if (from !== undefined && from === to) return [`exactly ${from.toLocaleString('en')}${unit}`]
  if (from !== undefined && to !== undefined) return [`${from} to ${to.toLocaleString('en')}${unit}`]
  if (to !== undefined) return [`at most ${to.toLocaleString('en')}${unit}`]
  return from === undefined || (from === 0 && unit === '') ? [] : [`at least ${from}${unit}`]
}

/** Describes a schema's type, with links to named schemas. */
export const schemaText = (schema: Schema): ComponentChildren => {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    return <a href={`#${schemaAnchor(name)}`}>{name}</a>
  }
  if (schema.const !== undefined) return valueText(schema.const)
  if (schema.enum) return join(schema.enum.map(valueText), ' or ')
  const options = schema.anyOf ?? schema.oneOf
  if (options) return join(options.map(schemaText), ' or ')
  if (schema.type === 'array') {
    const limits = range(schema.minItems, schema.maxItems, ' items')
    const items = schema.items ? schemaText(schema.items) : 'anything'
    return ['array of ', items, ...limits.map((limit) => ` (${limit})`)]
  }
  if (schema.format !== undefined) return schema.format
  return [schema.type ?? 'anything'].flat().join(' or ')
}

/** The limits of a value. Patterns are only in the OpenAPI document. */
export const limitsOf = (schema: Schema): string[] => [
  ...range(schema.minimum, schema.maximum, ''),
  ...range(schema.minLength === 1 ? undefined : schema.minLength, schema.maxLength, ' characters'),
]
