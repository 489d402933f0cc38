import { setTimeout as pause } from 'node:timers/promises'
import { startProgress } from '../../src/cli/console/progress.ts'
import { Oracle } from '../support/oracle.ts'
import { readLog } from '../system/support/site.ts'
import { CalmReader } from './examination/calmReader.ts'
import { disturb } from './traffic/disturbances.ts'
import { examineLog } from './examination/examineLog.ts'
import { examineRankings } from './examination/examineRankings.ts'
import { examineUsers } from './examination/examineUsers.ts'
import { examineVolumeAndMembers } from './examination/examineVolume.ts'
import type { Examination } from './examination/examination.ts'
import { Findings } from './findings.ts'
import { Ledger } from './traffic/ledger.ts'
import { Plan } from './community/plan.ts'
import { Random } from './community/random.ts'
import { readUntil, type Statuses } from './traffic/readers.ts'
import { sendAll, type Sending, type Site } from './traffic/senders.ts'
import type { SoakWorker } from './traffic/worker.ts'

const minute = 60_000
const day = 86_400_000

/** Each message brings seven contributions on average. */
const messagesPerSecondMost = 30
/** As many messages as brute force can compare in a minute or two. */
const messagesMost = 20_000

/** How many kills there are for one restart. */
const killsEach = 5

/** A soak of fewer minutes does only one in `shortOneIn` of similar reads. */
const thoroughMinutes = 5
const shortOneIn = 4

/** The options of a soak. */
export interface Course {
  seed: number
  minutes: number
  kills: number
}

/** The outcome of a soak. */
export interface Outcome extends Course {
  sending: Sending
  statuses: Statuses
  findings: Findings
  ledger: Ledger
  events: number
  restarts: number
  /** How long brute force and the comparison took. */
  examinedSeconds: number
}

const disturbedTraffic = async (
  site: Site,
  { seed, minutes, kills }: Course,
): Promise<{ sending: Sending; statuses: Statuses }> => {
  const milliseconds = minutes * minute
  const messagesPerSecond = Math.min(messagesPerSecondMost, (1000 * messagesMost) / milliseconds)
  const plan = new Plan({ seed, startedAt: Date.now(), runMilliseconds: milliseconds })
  const restarts = Math.ceil(kills / killsEach)
  const [writingOver, over] = [new AbortController(), new AbortController()]
  const reading = readUntil(site, new Random(seed, 'reads'), over.signal)
  const sending = sendAll(site, plan, { messagesPerSecond, messagesMost, over: writingOver.signal })
  const disturbances = { kills, restarts, milliseconds, over: writingOver.signal }
  const disturbing = disturb(site.worker, new Random(seed, 'disturbances'), disturbances)
  const time = pause(milliseconds, undefined, { signal: writingOver.signal })
  const disturbed = Promise.all([disturbing, time]).finally(() => writingOver.abort())
  const written = Promise.all([sending, disturbed]).finally(() => {
    // A failure of one part ends all of them.
    writingOver.abort()
    over.abort()
  })
  const [[sums], statuses] = await Promise.all([written, reading])
  return { sending: sums, statuses }
}

const examine = async ({ worker, ledger, findings }: Site, { seed, minutes }: Course): Promise<number> => {
  const { url } = await worker.whenUp()
  const log = await readLog(url)
  const random = new Random(seed, 'examination')
  const examination: Examination = {
    reader: new CalmReader(url),
    oracle: new Oracle(ledger.messages()),
    findings,
    random,
    position: log.length,
    oneIn: minutes < thoroughMinutes ? shortOneIn : 1,
    moments: [1, 45, 400].map((days) => Date.now() - random.whole(0, days * day)),
  }
  await examineLog(log, ledger, examination)
  await examineUsers(examination)
  await examineRankings(examination)
  await examineVolumeAndMembers(examination)
  return log.length
}

/** Sends and reads while the Worker is killed and restarted, then compares everything with brute force. */
export const soak = async (worker: SoakWorker, course: Course): Promise<Outcome> => {
  const findings = new Findings()
  const ledger = new Ledger(findings)
  const site = { worker, ledger, findings }
  const progress = startProgress('Soaking', course.minutes * 60)
  const startedAt = performance.now()
  const showing = setInterval(
    () =>
      progress.advance(
        Math.min(course.minutes * 60, (performance.now() - startedAt) / 1000),
        ledger.acknowledged,
      ),
    1000,
  )
  const { sending, statuses } = await disturbedTraffic(site, course).finally(() => {
    clearInterval(showing)
    progress.end()
  })
  console.error('Comparing with brute force …')
  const examinedAt = performance.now()
  const events = await examine(site, course)
  const examinedSeconds = (performance.now() - examinedAt) / 1000
  return {
    ...course,
    kills: worker.kills,
    restarts: worker.restarts,
    sending,
    statuses,
    findings,
    ledger,
    events,
    examinedSeconds,
  }
}
