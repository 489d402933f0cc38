import { globSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Oracle } from '../support/oracle.ts'
import { printed, runCommand, startCommand } from './support/commands.ts'
import { scratchDirectory } from './support/processes.ts'
import {
  contributionsFile,
  isHere,
  readContributions,
  readExpected,
  readExpectedHistory,
  sampleUsers,
} from './support/realData.ts'
import { RealNumbers } from './support/realNumbers.ts'
import { read } from './support/site.ts'
import { startWorker, type KillableWorker } from './support/worker.ts'

const peakBytes = (pid: number | undefined): number =>
  1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)

/** The number of events in the file of a database; 0 if there is no file. */
const eventsIn = (state: string): number => {
  const files = globSync(join(state, 'v3/d1/*/*.sqlite'))
  const file = files.find((name) => !name.endsWith('metadata.sqlite'))
  if (file === undefined) return 0
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return Number(database.prepare('SELECT max(position) AS position FROM events').get()?.['position'])
  } finally {
    database.close()
  }
}

/** Kills a backfill once it has written something. */
const killHalfWay = async (state: string, file: string): Promise<void> => {
  const running = startCommand('backfill', [file], { state })
  await printed(running, /Writing/)
  while (eventsIn(state) === 0 && running.child.exitCode === null) await pause(5)
  running.child.kill('SIGKILL')
  await running.ended
}

/** Runs a backfill, and returns its output and its peak memory. */
const backfillWatched = async (state: string, file: string): Promise<{ stdout: string; peak: number }> => {
  const { child, ended } = startCommand('backfill', [file], { state })
  let peak = 0
  const watching = setInterval(() => {
    if (child.exitCode === null) peak = Math.max(peak, peakBytes(child.pid))
  }, 200)
  const { code, stdout, stderr } = await ended
  clearInterval(watching)
  expect(code, stderr).toBe(0)
  return { stdout, peak }
}

// The data is not part of the repository, so these tests are skipped in a plain clone. In CI, a skip is a failure.
if (!isHere) it.skip('16 years of real contributions: ../shared/data is not beside this clone')
else
  describe('16 years of real contributions', () => {
    const contributions = readContributions()
    const expected = readExpected('not_applied')
    let state: string
    let worker: KillableWorker | undefined
    let url: string
    let numbers: RealNumbers

    beforeAll(async () => {
      state = await scratchDirectory() // as on a fresh clone: nothing is there, no table either
    })

    afterAll(async () => {
      await worker?.kill()
      await rm(state, { recursive: true })
    })

    it('are backfilled once each in limited memory, although the first run is killed; a third run writes no rows', async () => {
      const file = contributionsFile(state)
      await killHalfWay(state, file)
      const { stdout, peak } = await backfillWatched(state, file)
      const left = Number(/recorded ([\d,]+)/.exec(stdout)?.[1]?.replaceAll(',', ''))
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThan(contributions.length)
      const again = await runCommand('backfill', [file], { state })
      const all = contributions.length.toLocaleString('en-US')
      expect(again.stdout).toContain(`recorded 0, duplicate ${all}, `)
      expect(again.stdout).toMatch(/^0 rows written/m)
      console.log(`peak ${Math.round(peak / 1e6)} MB\n${stdout.split('\n').slice(-2).join('\n')}`)
      expect(peak).toBeLessThan(300e6)
      expect(peak).toBeGreaterThan(0)
    })

    it('are all in the log of the Worker', async () => {
      worker = await startWorker(state)
      url = worker.url
      numbers = new RealNumbers(url)
      const status = await read(url, '/v1/status')
      numbers.compare(status.contributions, contributions.length, 'contributions')
    })

    it.for(expected)('give the right boards and metrics as of %s', async (instant) => {
      await numbers.compareInstant(instant)
    })

    it('give the right live boards of all time', async () => {
      await numbers.compareLive(expected)
    })

    it('give the right lifetime totals by type', async () => {
      await numbers.compareLifetimes(expected)
    })

    it('give the right history of every metric, in UTC and in Los Angeles', async () => {
      await numbers.compareHistories(readExpectedHistory('not_applied'))
    })

    it('give the right statistics of the busiest and other users at every instant', async () => {
      const byUser = Map.groupBy(contributions, ({ user }) => user.id)
      for (const id of sampleUsers(byUser)) {
        const sent = { type: 'contribution.created', timestamp: '2025-01-01T00:00:00Z', data: byUser.get(id) }
        const oracle = new Oracle([sent])
        for (const [asOf] of expected) {
          const { as_of, position, ...user } = await read(url, `/v1/users/${id}?as_of=${asOf}`)
          expect(Date.parse(as_of)).toBe(Date.parse(asOf))
          numbers.compare(position, contributions.length, `position of user ${id}`)
          numbers.compare(user, oracle.user(id, Date.parse(asOf), false), `user ${id} as of ${asOf}`)
        }
      }
      console.log(`${numbers.compared} numbers compared with brute force`)
    })
  })
