import { expect, it } from 'vitest'
import { LogFollower, type Projection, type Update } from '../../src/projections/LogFollower.ts'
import { LogUnavailable, notCaughtUp } from '../../src/failure.ts'
import { noon } from '../support/clock.ts'

/** A projection of a log of 250 pages, of which a refresh reads at most 100. Every read in `failing` fails. */
const paged = (failing: ReadonlySet<number>) => {
  let reads = 0
  const projection: Projection & { position: number } = {
    freshMilliseconds: 2000,
    readsMax: 100,
    position: 0,
    get isBuilt(): boolean {
      return projection.position === 250
    },
    async read(): Promise<Update> {
      reads += 1
      if (failing.has(reads)) throw new LogUnavailable('overloaded')
      const store = (): boolean => (projection.position += 1) < 250
      return { continues: true, store }
    },
    forget: () => void (projection.position = 0),
  }
  return projection
}

const request = { now: noon, atLeast: 0 }

it('a refresh reads no more pages than it may, and the next one continues', async () => {
  const projection = paged(new Set())
  const follower = new LogFollower(projection)
  const answer = async () => await follower.answer(request, () => projection.position)
  expect([await answer(), projection.position]).toEqual([notCaughtUp(100, 0), 100])
  expect([await answer(), projection.position]).toEqual([notCaughtUp(200, 0), 200])
  expect(await answer()).toBe(250)
})

it('pages that a failed refresh read do not count against the next one', async () => {
  const projection = paged(new Set([61]))
  const follower = new LogFollower(projection)
  const answer = async () => await follower.answer(request, () => projection.position)
  expect([await answer(), projection.position]).toEqual([notCaughtUp(60, 0), 60])
  expect([await answer(), projection.position]).toEqual([notCaughtUp(160, 0), 160])
})
