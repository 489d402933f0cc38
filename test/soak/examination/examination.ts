import type { Oracle } from '../../support/oracle.ts'
import type { CalmReader } from './calmReader.ts'
import type { Findings } from '../findings.ts'
import type { Random } from '../community/random.ts'

/** What every part of the examination at the end works with. */
export interface Examination {
  reader: CalmReader
  oracle: Oracle
  findings: Findings
  random: Random
  /** The log's last position: every answer must reflect it. */
  position: number
  /** Instants that are over, to ask about. */
  moments: readonly number[]
  /** Of the many questions that are much alike, one in so many is asked. */
  oneIn: number
}

/** Asks so many questions at a time, until all are answered. */
export const askEach = async <Question>(
  questions: readonly Question[],
  atATime: number,
  ask: (question: Question) => Promise<void>,
): Promise<void> => {
  const left = questions.values()
  const askOwn = async (): Promise<void> => {
    for (const question of left) await ask(question)
  }
  await Promise.all(Array.from({ length: atATime }, askOwn))
}
