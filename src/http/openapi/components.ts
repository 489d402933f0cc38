import * as z from 'zod/mini'
import { documented } from './documented.ts'

/** A JSON Schema, or any other part of the document. */
export type Json = Record<string, unknown>

const place = '#/components/schemas/'

/** In a query all is text: what is documented as a number has its bounds, not the pattern of its digits. */
const asDocumented = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.type !== 'integer') return
  delete jsonSchema.pattern
  if (typeof jsonSchema.default === 'string') jsonSchema.default = Number(jsonSchema.default)
}

/** The schemas of a document: those that have an id stand once and are referred to. */
export class Components {
  readonly schemas: Json = {}

  /** A zod schema as JSON Schema 2020-12, which is OpenAPI 3.1's, as its sender sees it. */
  schemaOf(schema: z.ZodMiniType): Json {
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
  resolve(schema: Json): Json {
    const { $ref, ...own } = schema
    if (typeof $ref !== 'string') return schema
    return { ...(this.schemas[$ref.slice(place.length)] as Json), ...own }
  }
}
