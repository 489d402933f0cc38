import { Ranking } from '../src/contributions/ranking.ts'

/** The size of a ranking in memory, and the time per read. */
export interface RankingCosts {
  users: number
  mebibytes: number
  milliseconds: { sorting: number; top20: number; rank: number; threshold: number }
}

const reads = 10_000

const millisecondsOf = (read: (index: number) => unknown): number => {
  const startedAt = performance.now()
  for (let index = 0; index < reads; index += 1) read(index)
  return (performance.now() - startedAt) / reads
}

/** Measures a ranking of `users` users in isolation. */
export const measureRanking = (users: number): RankingCosts => {
  const ranking = new Ranking()
  ranking.apply(
    Array.from({ length: users }, (_, index) => ({
      userId: 1 + index * 3,
      delta: 1 + ((index * 31) % 977),
      newest: index,
      excluded: false,
    })),
  )
  const before = performance.now()
  void ranking.total // the first read after changes sorts
  const sorting = performance.now() - before
  const anyUser = (index: number): number => 1 + ((index * 7919) % users) * 3
  return {
    users,
    mebibytes: ranking.bytes / 1024 ** 2,
    milliseconds: {
      sorting,
      top20: millisecondsOf(() => ranking.slice(0, 20)),
      rank: millisecondsOf((index) => ranking.indexOf(anyUser(index))),
      threshold: millisecondsOf((index) => ranking.usersWithAtLeast(1 + (index % 977))),
    },
  }
}
