import * as z from 'zod/mini'
import { documented } from '../../src/http/documented.ts'
import type { Schema } from './openApi.ts'

const place = '#/components/schemas/'

/**
 * Adjusts a schema. Query parameters are parsed from text, so those documented as integers drop the pattern of their
 * digits. Restores defaults, which zod drops for transformed parameters.
 */
const asDocumented = ({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes
  jsonSchema: z.core.JSONSchema.BaseSchema
}): void => {
  const byDefault =
    documented.get(zodSchema)?.default ??
    (zodSchema instanceof z.ZodMiniDefault ? zodSchema.def.defaultValue : undefined)
  if (byDefault !== undefined) jsonSchema.default = byDefault
  if (jsonSchema.type !== 'integer') return
  delete jsonSchema.pattern
  if (typeof jsonSchema.default === 'string') jsonSchema.default = Number(jsonSchema.default)
}

/** The component schemas of a document. Schemas with an ID are defined once and referenced elsewhere. */
export class Components {
  readonly schemas: Record<string, Schema> = {}

  /** Converts a zod schema to JSON Schema 2020-12, the dialect of OpenAPI 3.1, describing its input. */
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

  /** Resolves a schema that may be a reference. */
  resolve(schema: Schema): Schema {
    return schema.$ref === undefined ? schema : (this.schemas[schema.$ref.slice(place.length)] ?? schema)
  }
}
