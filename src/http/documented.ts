import * as z from 'zod/mini'

/** What /openapi.json says about a schema beyond what can be derived from it. */
export interface Documentation {
  /** The name of a component, defined once and referenced elsewhere. */
  id?: string
  description?: string
  /** A parameter's default, if code rather than the schema applies it. */
  default?: string
  /* JSON Schema keywords for constraints that only code checks. */
  type?: 'integer' | 'string'
  format?: 'date' | 'date-time' | 'uri'
  pattern?: string
  minimum?: number
  maximum?: number
}

/** Schemas with their documentation: `schema.register(documented, { description: '…' })`. */
export const documented = z.registry<Documentation>()

/** Copies a schema and describes the copy. The original keeps its own description. */
export const described = <Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema => {
  const copy = schema.check()
  documented.add(copy, { description })
  return copy
}
