import { env } from 'cloudflare:workers'
import { fetchApi, type Json } from './site.ts'

export const authorization = { authorization: `Bearer ${env.ADMIN_TOKEN}` }

/** Takes one step of an audit as the operator. Throws unless the answer is 200. */
export const takeStep = async (query = ''): Promise<Json> => {
  const response = await fetchApi(`/v1/audit${query}`, { method: 'POST', headers: authorization })
  if (response.status !== 200)
    throw new Error(`POST /v1/audit answered ${response.status}: ${await response.text()}`)
  return await response.json()
}

/** Runs a whole audit. Returns its last step with what all steps found. `between` runs before each step but the first. */
export const audit = async (
  query = 'users=1000',
  between: () => Promise<void> = async () => undefined,
): Promise<Json> => {
  const found: Json[] = []
  for (let step = await takeStep(`?${query}`); ; step = await takeStep(`?audit=${step.audit}&${query}`)) {
    found.push(...step.found)
    if (step.done) return { ...step, found }
    await between()
  }
}
