import type { Oracle } from '../../support/oracle.ts'
import type { CalmReader } from './calmReader.ts'
import type { Findings } from '../findings.ts'
import type { Random } from '../community/random.ts'

/** The context of all parts of the examination after the soak. */
export interface Examination {
  reader: CalmReader
  oracle: Oracle
  findings: Findings
  random: Random
  /** The log's last position, which every answer must reflect. */
  position: number
  /** Past instants to read as of. */
  moments: readonly number[]
  /** One in this many similar reads is done. */
  oneIn: number
}

/** Handles all questions, a fixed number in parallel. */
export const askEach = async <Question>(
  questions: readonly Question[],
  atATime: number,
  handle: (question: Question) => Promise<void>,
): Promise<void> => {
  const left = questions.values()
  const askOwn = async (): Promise<void> => {
    for (const question of left) await handle(question)
  }
  await Promise.all(Array.from({ length: atATime }, askOwn))
}
