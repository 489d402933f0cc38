import type { ApiResult, FetchApi } from './fetchApi.ts'

/** What a page shows of the API: how to load it, and a key that is the same exactly when the result would be. */
export interface ApiQuery<Body> {
  key: string
  load: (fetchApi: FetchApi) => Promise<ApiResult<Body>>
}

/** An address of the API: for CSV, `.csv` goes between the path and the query. */
export interface ApiAddress {
  path: string
  query: string
}

/** Loads one address. */
export const queryAt = <Body>({ path, query }: ApiAddress): ApiQuery<Body> => ({
  key: path + query,
  load: async (fetchApi) => await fetchApi<Body>(path + query),
})
