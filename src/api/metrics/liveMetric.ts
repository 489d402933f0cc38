import type { Metric } from '../../definitions/definitions.ts'
import type { WindowLength } from '../../contributions/window.ts'
import type { Result } from '../../failure.ts'
import type { Call } from '../../http/endpoint.ts'
import type { ContributorCount } from '../../projections/ranking/LiveRanking.ts'
import { readRanking } from '../rankings.ts'
import type { EventFilter } from '../scanLog.ts'

/** A metric over a window that ends now, from its live ranking. */
export const readLiveMetric = async (
  call: Call<EventFilter>,
  { metric }: Metric,
  window: WindowLength,
  min: number,
): Promise<Result<ContributorCount>> =>
  await readRanking<Omit<ContributorCount, 'position'>>(
    call,
    { of: metric, window },
    { value: 0, asOf: call.now, ageSeconds: 0 },
    async (ranking, request): Promise<Result<ContributorCount>> => ranking.count(request, min),
  )
