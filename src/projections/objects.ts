import { rankingName, type RankingKey } from './ranking/rankingName.ts'

/* The address of every Durable Object. Each function takes the bindings it uses and returns a new stub. */

/** The counter of a user. */
export const userCounterOf = ({ USER_COUNTERS }: Pick<Env, 'USER_COUNTERS'>, userId: number) =>
  USER_COUNTERS.getByName(String(userId))

/** The live ranking of a board or a metric. */
export const rankingOf = ({ RANKINGS }: Pick<Env, 'RANKINGS'>, key: RankingKey) =>
  RANKINGS.getByName(rankingName(key))

/** The one object that scans the log. */
export const logScansOf = ({ LOG_SCANS }: Pick<Env, 'LOG_SCANS'>) => LOG_SCANS.getByName('log')

/** The one object that sums up the log. */
export const logSummaryOf = ({ LOG_SUMMARY }: Pick<Env, 'LOG_SUMMARY'>) => LOG_SUMMARY.getByName('log')

/** The one object that audits. */
export const auditorOf = ({ AUDITOR }: Pick<Env, 'AUDITOR'>) => AUDITOR.getByName('log')
