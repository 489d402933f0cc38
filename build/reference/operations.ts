import type { Method, OpenApiDocument, OperationObject, Parameter } from '../openapi/openApi.ts'

/** An operation of the document, with its path and method. */
export interface PlacedOperation {
  path: string
  method: Method
  operation: OperationObject
}

const methods = ['get', 'post'] as const

/** Whether a path is the CSV form of another one. The two are described together. */
const isCsv = ({ paths }: OpenApiDocument, path: string): boolean =>
  path.endsWith('.csv') && path.slice(0, -'.csv'.length) in paths

/** The operations with a tag, in the document's order. */
export const operationsOf = (document: OpenApiDocument, tag: string): PlacedOperation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      return operation?.tags.includes(tag) && !isCsv(document, path) ? [{ path, method, operation }] : []
    }),
  )

/** A parameter that is explained once for all operations that have it. */
export interface CommonParameter extends Parameter {
  /** Whether its default and its limits are the same in all of them. */
  isUniform: boolean
}

/** From how many operations on a parameter is explained in a section of its own. */
const commonMin = 3

/** The query parameters that several operations explain in the same words, in the document's order. */
export const commonParametersOf = (document: OpenApiDocument): CommonParameter[] => {
  const operations = document.tags.flatMap(({ name }) => operationsOf(document, name))
  const explained = operations.flatMap(({ operation }) =>
    operation.parameters.filter((parameter) => parameter.in === 'query'),
  )
  const alike = Map.groupBy(explained, ({ name, description, schema }) =>
    JSON.stringify([name, description, schema.enum]),
  )
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length + 1 < commonMin) return []
    const isUniform = others.every(({ schema }) => JSON.stringify(schema) === JSON.stringify(first.schema))
    return [{ ...first, isUniform }]
  })
}
