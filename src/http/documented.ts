import * as z from 'zod/mini'

/** What /openapi.json says about a schema beyond what the schema itself shows. */
export interface Documentation {
  /** The name of a component that is defined once and referred to. */
  id?: string
  description?: string
  /** The value that is used if a parameter is left out, where only code knows it. */
  default?: string
  /* JSON Schema keywords for what only code checks. */
  type?: 'integer' | 'string'
  format?: 'date' | 'date-time' | 'uri'
  pattern?: string
  minimum?: number
  maximum?: number
}

/** Schemas with their documentation: `schema.register(documented, { description: '…' })`. */
export const documented = z.registry<Documentation>()
