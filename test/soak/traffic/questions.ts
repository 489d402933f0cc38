import { boardRules, metricRules, types } from '../../support/oracle.ts'
import {
  contributors,
  groups,
  locales,
  names,
  products,
  stranger,
  systemUsers,
} from '../community/contributions.ts'
import type { Random } from '../community/random.ts'

const day = 86_400_000

/** Window lengths: rolling ones, all, and one that scans the log. */
export const windows: readonly [string, ...string[]] = ['7d', '30d', '90d', '365d', 'all', '10d']

export const zones: readonly [string, ...string[]] = ['UTC', 'America/Los_Angeles', 'Asia/Kathmandu']

export const boards = Object.keys(boardRules) as [string, ...string[]]
export const metrics = Object.keys(metricRules) as [string, ...string[]]

/** A path with the defined parameters. */
export const address = (path: string, parameters: Record<string, string | number | undefined>): string => {
  const given = Object.entries(parameters).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}

/** A random read to do while the site writes, with `atLeast` where the route takes it. */
export const aQuestion = (random: Random, atLeast: number, now: number): string => {
  const sometimes = <Value>(inSoMany: number, value: Value): Value | undefined =>
    random.isOnce(inSoMany) ? value : undefined
  const common = { at_least: sometimes(2, atLeast) }
  const as_of = sometimes(4, new Date(now - random.whole(0, 400 * day)).toISOString())
  const filter = {
    locale: sometimes(6, random.pick(locales)),
    product: sometimes(6, random.pick(products)),
    group: sometimes(6, random.pick(groups)),
  }
  const windowed = { ...common, as_of, window: random.pick(windows) }
  const user = `/v1/users/${random.isOnce(50) ? random.pick([stranger, ...systemUsers]) : random.whole(1, contributors + 1)}`
  const csv = sometimes(5, '.csv') ?? ''
  const board = `/v1/leaderboards/${random.pick(boards)}`
  const metric = `/v1/metrics/${random.pick(metrics)}`
  return random.weighed([
    [8, address(user, { ...common, as_of })],
    [3, address(`${user}/contributions${csv}`, { ...windowed, limit: random.whole(1, 200) })],
    [2, address(`${user}/calendar${csv}`, { ...common, time_zone: random.pick(zones) })],
    [1, `${user}/card.svg`],
    [1, address(`${user}/badge.json`, { type: random.pick(types as [string, ...string[]]) })],
    [1, address('/v1/users', { username: random.pick(names) ?? 'nobody' })],
    [6, address(`${board}${csv}`, { ...windowed, ...filter, limit: random.whole(1, 101) })],
    [2, address(board, { ...windowed, around: random.whole(1, contributors + 1) })],
    [4, address(metric, { ...windowed, ...filter })],
    [1, address(`${metric}/history${csv}`, { ...common, ...filter, time_zone: random.pick(zones) })],
    [1, address(`${metric}/users${csv}`, { ...windowed, ...filter, limit: random.whole(1, 101) })],
    [
      1,
      address(`/v1/volume${csv}`, { ...common, ...filter, group_by: 'type', time_zone: random.pick(zones) }),
    ],
    [1, '/v1/leaderboards'],
    [1, '/v1/metrics'],
    [2, '/v1/status'],
    [2, '/healthz'],
  ])
}
