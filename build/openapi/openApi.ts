/*
 * The parts of OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1) and of JSON Schema 2020-12 that this API's document uses.
 */

export interface Reference {
  $ref: string
}

export interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  const?: unknown
  enum?: unknown[]
  default?: string | number | boolean
  format?: string
  pattern?: string
  contentMediaType?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  /** The schema of each line of a stream, for which OpenAPI 3.1 has no keyword. */
  'x-each-line'?: Schema
}

/** Example values by title. */
export type Examples = Record<string, { value: unknown }>

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: Schema
  examples?: Examples
}

/** A media type object. */
export interface Media {
  schema: Schema
  examples?: Examples
}

export interface Header {
  description: string
  schema: Schema
}

export interface Response {
  description: string
  headers: Record<string, Reference>
  content?: Record<string, Media>
}

export interface OperationObject {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  /** By status. */
  responses: Record<string, Response | Reference>
}

export type Method = 'get' | 'post'

/** The OpenAPI document. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; summary: string; description: string }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  /** By path, then by method. */
  paths: Record<string, Partial<Record<Method, OperationObject>>>
  components: {
    schemas: Record<string, Schema>
    responses: Record<string, Response>
    headers: Record<string, Header>
    securitySchemes: Record<string, Record<string, string>>
  }
}
