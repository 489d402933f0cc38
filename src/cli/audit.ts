import { Command, InvalidArgumentError } from 'commander'
import { runAudit, type Found, type Totals } from './audit/runAudit.ts'
import { originOf, readToken } from './audit/operator.ts'
import { driftExitCode, runCommand } from './command.ts'
import { defaultPort, localOrigin } from './platform/port.ts'

interface Options {
  url: URL
  users: number
  json: boolean
}

const parseUsers = (text: string): number => {
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new InvalidArgumentError('Use a number from 1 to 9999999.')
  return Number(text)
}

const describeFound = ({ kind, name, differs, healed }: Found): string =>
  `Drift: ${kind} ${name} differs in ${differs.join(', ')}; ${healed ? 'rebuilt, and agrees now' : 'rebuilt, and STILL differs'}`

const describeTotals = ({ users, boards, drift }: Totals): string =>
  `Compared with the log: ${users} users' counters, ${boards} boards and metrics; ${drift === 0 ? 'no drift' : `${drift} differed`}`

const start = async ({ url, users, json }: Options): Promise<void> => {
  const totals = await runAudit({ origin: url.origin, token: await readToken(url), users }, (found) =>
    console.log(json ? JSON.stringify(found) : describeFound(found)),
  )
  if (json) console.error(describeTotals(totals))
  else console.log(describeTotals(totals))
  if (totals.drift > 0) process.exitCode = driftExitCode
}

await runCommand(
  new Command('npm run audit --')
    .description(
      'Has a running Worker recompute its numbers from the log, compare them with what it answers, and rebuild what differs.',
    )
    .option('--url <url>', 'the Worker', originOf, new URL(localOrigin(defaultPort)))
    .option(
      '--users <number>',
      'how many users have their turn; the next audit goes on behind them',
      parseUsers,
      1000,
    )
    .option('--json', 'print every finding as a line of JSON, the sums on standard error', false)
    .addHelpText(
      'after',
      `
The operator's token comes from the environment, ADMIN_TOKEN; for a Worker on this machine also from .dev.vars.
Every board and every metric is compared, the status, and the users whose counters hold something. What is found is
logged by the Worker and shown in /v1/status, too. Ctrl-C leaves an audit that the next one goes on with.
Exit codes: 0 no drift, 1 failed, 2 misused, 3 drift.`,
    )
    .action(start),
)
