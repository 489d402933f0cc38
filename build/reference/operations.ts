import type { Method, OpenApiDocument, OperationObject } from '../openapi/openApi.ts'

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
