import * as z from 'zod/mini'

/** What /openapi.json says of a schema beyond what can be read from it. */
export interface Documentation {
  /** The name of a component that stands once and is referred to. */
  id?: string
  description?: string
  /* Keywords of JSON Schema for what only code can check. */
  type?: 'integer' | 'string'
  format?: 'date' | 'date-time' | 'uri'
  pattern?: string
  minimum?: number
  maximum?: number
}

/** Schemas with their documentation: `schema.register(documented, { description: '…' })`. */
export const documented = z.registry<Documentation>()
