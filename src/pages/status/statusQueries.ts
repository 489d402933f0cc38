import type { HealthAnswer, StatusAnswer } from '../api/answers.ts'
import type { ApiQuery, ApiResult } from '../api/fetchApi.ts'

/** The data of the page's public parts. */
export interface ServiceView {
  status: StatusAnswer
  health: HealthAnswer
}

/** Loads the size of the log and the health of the service. */
export const service: ApiQuery<ServiceView> = {
  key: '/v1/status /healthz',
  load: async (fetchApi): Promise<ApiResult<ServiceView>> => {
    const both = Promise.all([fetchApi<StatusAnswer>('/v1/status'), fetchApi<HealthAnswer>('/healthz')])
    const [status, health] = await both
    if (!status.ok) return status
    return health.ok ? { ok: true, body: { status: status.body, health: health.body } } : health
  },
}
