import { Validator, type Schema } from '@cfworker/json-schema'
import type { Json } from './site.ts'

/** An operation of /openapi.json with its path and method. */
export interface Described {
  path: string
  method: string
  operation: Json
}

/** Every operation of a document. */
export const operationsOf = (document: Json): Described[] =>
  Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => ({ path, method, operation })),
  )

/** Resolves a reference; any other value is returned as it is. */
export const follow = (document: Json, value: Json): Json =>
  typeof value.$ref === 'string'
    ? value.$ref
        .slice(2)
        .split('/')
        .reduce((part: Json, key: string) => part[key], document)
    : value

const validators = new WeakMap<Json, Validator>()

const validatorOf = (document: Json, schema: Json): Validator => {
  const rooted: Schema = { ...schema, components: document.components }
  const made = validators.get(schema) ?? new Validator(rooted, '2020-12', false)
  validators.set(schema, made)
  return made
}

/** Validates a value by a schema of the document. Returns its errors, none if it is valid. */
export const faultsOf = (document: Json, schema: Json, value: unknown): string[] => {
  const { errors } = validatorOf(document, schema).validate(value)
  return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
}

/** The schema of a path's 200 answer in JSON, or undefined. */
export const schemaAt = (document: Json, method: string, path: string): Json => {
  const matches = ({ path: template }: Described): boolean =>
    new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
  // A literal path wins over one with parameters.
  const [found] = operationsOf(document)
    .filter((described) => described.method === method.toLowerCase() && matches(described))
    .sort((left, right) => Number(left.path.includes('{')) - Number(right.path.includes('{')))
  return found?.operation.responses['200'].content['application/json']?.schema
}
