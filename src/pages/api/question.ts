import type { FetchApi, ApiResult } from '../api/fetchApi.ts'

/** A view of the API: what to ask, and a name that is the same exactly when the question is. */
export interface Question<Body> {
  name: string
  load: (ask: FetchApi) => Promise<ApiResult<Body>>
}

/** The question that one path of the API answers. */
export const questionAt = <Body>(path: string): Question<Body> => ({
  name: path,
  load: async (ask) => await ask<Body>(path),
})

/** A query string of what is given; undefined is left out. */
export const queryOf = (parameters: Record<string, string | number | undefined>): string => {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}
