import type { Metric } from '../../contributions/definitions.ts'
import type { Instant } from '../../contributions/instant.ts'
import type { WindowLength } from '../../contributions/window.ts'
import type { Result } from '../../failure.ts'
import type { Call } from '../../http/endpoint.ts'
import type { ContributorCount } from '../../projections/ranking/LiveRanking.ts'
import { readRanking } from '../rankings.ts'
import type { EventFilter } from '../scanLog.ts'

/** A metric's value, and the instant and the log position that it is for. */
export interface MetricValue {
  value: number
  asOf: Instant
  ageSeconds: number
  position: number
}

/** A metric over a window that ends now, from the object that keeps it. */
export const readLiveMetric = async (
  call: Call<EventFilter>,
  { metric }: Metric,
  window: WindowLength,
  min: number,
): Promise<Result<MetricValue>> =>
  await readRanking<Omit<MetricValue, 'position'>>(
    call,
    { of: metric, window },
    { value: 0, asOf: call.now, ageSeconds: 0 },
    async (ranking, request): Promise<ContributorCount> => ranking.count(request, min),
  )
