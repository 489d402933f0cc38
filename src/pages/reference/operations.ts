import type { Method, OpenApiDocument, OperationObject } from '../../openapi/openApi.ts'

/** An operation of the document, and where it is. */
export interface PlacedOperation {
  path: string
  method: Method
  operation: OperationObject
}

const methods = ['get', 'post'] as const

/** Whether a path is the table of a list that has an address of its own: the two are described together. */
const isTable = ({ paths }: OpenApiDocument, path: string): boolean =>
  path.endsWith('.csv') && path.slice(0, -'.csv'.length) in paths

/** The operations of a tag, in the document's order. */
export const operationsOf = (document: OpenApiDocument, tag: string): PlacedOperation[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      return operation?.tags.includes(tag) && !isTable(document, path) ? [{ path, method, operation }] : []
    }),
  )
