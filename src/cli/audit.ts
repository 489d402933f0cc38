import { Command, InvalidArgumentError } from 'commander'
import { exitCodes, runCommand } from './command.ts'
import { parseWorkerUrl, readToken } from './audit/credentials.ts'
import { runAudit, type AuditStep, type Found } from './audit/runAudit.ts'
import { counted } from './console/format.ts'
import { defaultPort, localOrigin } from './platform/localAddress.ts'

interface Options {
  url: URL
  users: number
  json?: boolean
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
      'how many users to compare; the next audit continues after them',
      parseUsers,
      1000,
    )
    .option('--json', 'print each finding as a line of JSON, and the totals on standard error')
    .addHelpText(
      'after',
      `
The operator's token comes from the environment variable ADMIN_TOKEN or, for a local Worker, from .dev.vars.
An audit compares every board, every metric, the status, and the users who have a counter. The Worker also logs the
findings and shows them in /v1/status. After Ctrl-C, the next audit resumes this one.
Exit codes: 0 no drift, 1 failed, 2 misused, 3 drift.`,
    )
    .action(start),
)
