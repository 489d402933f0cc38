import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Command, InvalidArgumentError } from 'commander'
import { configured } from '../configuration.ts'
import { runAudit, type AuditStep, type Found } from './audit/runAudit.ts'
import { CommandFailure, exitCodes, runCommand } from './command.ts'
import { counted } from './console/format.ts'
import { defaultPort, isLocal, localOrigin } from './platform/localAddress.ts'
import { parseWorkerUrl } from './platform/workerUrl.ts'
import { projectDirectory } from './platform/wrangler.ts'

interface Options {
  url: URL
  users: number
  json?: boolean
}

const readDevelopmentToken = async (): Promise<string | undefined> => {
  try {
    return parseEnv(await readFile(join(projectDirectory, '.dev.vars'), 'utf8'))['ADMIN_TOKEN']
  } catch {
    return undefined // The file is missing until npm start creates it.
  }
}

/**
 * Reads the operator's token. It is not an argument, because other users of the machine can read command lines. Throws
 * a CommandFailure if it is missing, Misconfigured if it is invalid.
 */
const readToken = async (url: URL): Promise<string> => {
  const token = process.env['ADMIN_TOKEN'] ?? (isLocal(url) ? await readDevelopmentToken() : undefined)
  if (token) return configured({ ADMIN_TOKEN: token }, 'ADMIN_TOKEN')
  throw new CommandFailure(
    `Cannot audit ${url.origin} without the operator's token: set the environment variable ADMIN_TOKEN${isLocal(url) ? ', or run npm start, which makes .dev.vars with one' : ''}`,
  )
}

const parseUsers = (text: string): number => {
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new InvalidArgumentError('Use a number from 1 to 9999999.')
  return Number(text)
}

const describeFound = ({ kind, name, differs, healed }: Found): string =>
  `Drift: ${kind} ${name} differed in ${differs.join(', ')}; ${healed ? 'correct after a rebuild' : 'STILL differs after a rebuild'}`

const describeTotals = ({ users, boards, drift }: AuditStep): string =>
  `Compared ${counted(users, 'user')} and ${counted(boards, 'board or metric', 'boards and metrics')} with the log: ${drift === 0 ? 'no drift' : `${drift} differed`}`

const start = async ({ url, users, json }: Options): Promise<void> => {
  const totals = await runAudit({ origin: url.origin, token: await readToken(url), users }, (found) =>
    console.log(json ? JSON.stringify(found) : describeFound(found)),
  )
  if (json) console.error(describeTotals(totals))
  else console.log(describeTotals(totals))
  if (totals.drift > 0) process.exitCode = exitCodes.drift
}

await runCommand(
  new Command('npm run audit --')
    .description(
      'Makes a running Worker recompute its numbers from the log, compare them with its answers, and rebuild what differs.',
    )
    .option('--url <url>', 'the address of the Worker', parseWorkerUrl, new URL(localOrigin(defaultPort)))
    .option(
      '--users <number>',
      'how many users to visit, of whom those with a counter are compared; the next audit continues after them',
      parseUsers,
      1000,
    )
    .option('--json', 'print each difference as a line of JSON, and the totals on standard error')
    .addHelpText(
      'after',
      `
The operator's token comes from the environment variable ADMIN_TOKEN or, for a local Worker, from .dev.vars.
An audit compares every leaderboard, every metric, the status, the columns behind /v1/community, and the users who have a
counter. The Worker also logs the differences and shows them in /v1/status. After Ctrl-C, the next audit resumes this one.
Exit codes: 0 no drift, 1 failed, 2 misused, 3 drift.`,
    )
    .action(start),
)
