import { Validator, type Schema } from '@cfworker/json-schema'
import type { Json } from './site.ts'

/** An operation of /openapi.json with its address. */
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

/** What a reference leads to, or the value itself. */
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

/** Everything that is wrong with a value by a schema of the document; empty if nothing is. */
export const faultsOf = (document: Json, schema: Json, value: unknown): string[] => {
  const { errors } = validatorOf(document, schema).validate(value)
  return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
}

/** The schema of what an address answers with 200 in JSON; undefined for none. */
export const schemaAt = (document: Json, method: string, path: string): Json => {
  const matches = ({ path: template }: Described): boolean =>
    new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)
  // The exact address before one with a name in it.
  const [found] = operationsOf(document)
    .filter((described) => described.method === method.toLowerCase() && matches(described))
    .sort((left, right) => Number(left.path.includes('{')) - Number(right.path.includes('{')))
  return found?.operation.responses['200'].content['application/json']?.schema
}
