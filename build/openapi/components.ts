import * as z from 'zod/mini'
import { documented } from '../../src/http/documented.ts'
import type { Schema } from './openApi.ts'

const place = '#/components/schemas/'

/**
 * In a query, everything is text. What is documented as an integer shows its bounds, not the pattern of its digits. Zod drops
 * the documented default of a parameter that is transformed.
 */
const asDocumented = ({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes
  jsonSchema: z.core.JSONSchema.BaseSchema
}): void => {
  const byDefault = documented.get(zodSchema)?.default
  if (byDefault !== undefined) jsonSchema.default = byDefault
  if (jsonSchema.type !== 'integer') return
  delete jsonSchema.pattern
  if (typeof jsonSchema.default === 'string') jsonSchema.default = Number(jsonSchema.default)
}

/** The schemas of a document. Those with an id are defined once, and the others refer to them. */
export class Components {
  readonly schemas: Record<string, Schema> = {}

  /** A zod schema as JSON Schema 2020-12, which is OpenAPI 3.1's, as its sender sees it. */
  schemaOf(schema: z.ZodMiniType): Schema {
    const made = z.toJSONSchema(schema, {
      io: 'input',
      metadata: documented,
      override: asDocumented,
    })
    const {
      $schema: _,
      $defs,
      ...own
    } = JSON.parse(JSON.stringify(made).replaceAll('"#/$defs/', `"${place}`))
    Object.assign(this.schemas, $defs)
    return own
  }

  /** A schema itself, where another refers to it. */
  resolve(schema: Schema): Schema {
    return schema.$ref === undefined ? schema : (this.schemas[schema.$ref.slice(place.length)] ?? schema)
  }
}
