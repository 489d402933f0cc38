import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import type { Instant } from '../contributions/instant.ts'
import { contributionTypes } from '../definitions/definitions.ts'
import { CommandMisuse, exitCodes, onInterrupt, runCommand } from './command.ts'
import { print } from './console/print.ts'
import { callerPath, cannotRead } from './lines/files.ts'
import { defaultPort, localOrigin } from './platform/localAddress.ts'
import { parseWorkerUrl } from './platform/workerUrl.ts'
import { projectDirectory } from './platform/wrangler.ts'
import { parseHeaders } from './send/check/capture.ts'
import { diagnose } from './send/check/diagnose.ts'
import { exampleOptions, messageOf, parsers, type ContributionOptions } from './send/contribution.ts'
import { envFileOption, readSecrets } from './send/secrets.ts'
import { Site, toDelivery, type Receipt } from './send/site.ts'

interface Options extends ContributionOptions {
  url: URL
  envFile: string
  dryRun?: boolean
  check?: boolean
  headers?: string
  body?: string
  receivedAt?: Instant
}

/** The outcome of the contribution, in a sentence. */
const describeReceipt = ({ results: [result] }: Receipt, occurredAt: string): string => {
  const place = `log position ${result?.position}`
  if (result?.status === 'recorded') return `Recorded at ${place}`
  if (result?.status === 'duplicate') return `Already recorded at ${place}: nothing has changed`
  if (result?.status === 'ignored') return 'Not recorded: SYSTEM_USER_IDS lists the user'
  return `Not recorded: a contribution with the same type and content but other facts is at ${place}, and the one recorded first stands. To send another contribution, use another --content. To send the same one again, use the --occurred-at of the first attempt (this attempt used ${occurredAt})`
}

const send = async (options: Options): Promise<void> => {
  const message = messageOf(options, Date.now())
  const [secret] = await readSecrets(options.envFile)
  const { origin } = options.url
  const site = new Site(origin, secret, onInterrupt())
  const delivery = toDelivery(message)
  if (options.dryRun) {
    const headers = Object.entries(site.sign(delivery)).map(([name, value]) => `${name}: ${value}`)
    await print([`POST ${origin}/v1/webhooks`, ...headers, '', delivery.body].join('\n'))
    return console.error('Dry run: nothing was sent')
  }
  const receipt = await site.deliver(delivery)
  const user = `/v1/users/${options.user}`
  await print(`${describeReceipt(receipt, message.timestamp)}
${JSON.stringify(receipt)}

  ${origin}/users/${options.user}  the user's profile
  ${origin}${user}?at_least=${receipt.position}  the same as JSON
  ${origin}${user}/contributions  the contributions behind the numbers`)
}

const readCaptured = async (name: string): Promise<Buffer> =>
  await readFile(callerPath(name)).catch((error: unknown) => {
    throw cannotRead(name, error)
  })

const check = async ({ headers, body, envFile, receivedAt }: Options): Promise<void> => {
  if (headers === undefined || body === undefined)
    throw new CommandMisuse('--check needs the captured request: --headers FILE and --body FILE')
  const captured = {
    headers: parseHeaders((await readCaptured(headers)).toString()),
    body: await readCaptured(body),
  }
  const secrets = {
    accepted: await readSecrets(envFile),
    published: await readSecrets(join(projectDirectory, '.dev.vars.example')),
  }
  const { clock, signature } = diagnose(captured, secrets, receivedAt ?? Date.now())
  if (signature.length === 0) await print(`The signature is valid for the secrets in ${envFile}`)
  for (const fault of [...signature, ...clock]) await print(fault)
  if (signature.length + clock.length > 0) process.exitCode = exitCodes.failed
  else await print('If the Worker still answers 401, it has other secrets')
}

/** Options that are only valid without `--check`. */
const sent = [
  'type',
  'user',
  'content',
  'parent',
  'username',
  'name',
  'locale',
  'product',
  'self',
  'occurredAt',
]

const start = async (options: Options): Promise<void> => {
  if (options.check) return await check(options)
  const stray = (['headers', 'body', 'receivedAt'] as const).filter((name) => options[name] !== undefined)
  if (stray.length > 0)
    throw new CommandMisuse('--headers, --body and --received-at can only be used with --check')
  await send(options)
}

await runCommand(
  new Command('npm run send --')
    .description(
      'Signs one contribution and sends it to a Worker, or checks the signature of a captured request.',
    )
    .option('--type <type>', 'what was contributed', parsers.type)
    .option('--user <id>', "the user who gets the credit, by your site's ID", parsers.user)
    .option(
      '--content <type:id>',
      'what the contribution is about, like questions.answer:17',
      parsers.content,
    )
    .option('--name <name>', 'the name to show for the user', parsers.name)
    .option('--username <name>', 'the username of the user', parsers.name)
    .option('--parent <type:id>', 'the question of an answer, the document of a revision', parsers.parent)
    .option('--locale <locale>', 'for example en-US', parsers.locale)
    .option('--product <product>', 'for example firefox', parsers.product)
    .option('--self', 'the user acted on their own content')
    .option('--occurred-at <time>', 'when, in RFC 3339 (default: now)', parsers.occurredAt)
    .option('--url <url>', 'the address of the Worker', parseWorkerUrl, new URL(localOrigin(defaultPort)))
    .addOption(envFileOption)
    .option('--dry-run', 'print the signed request, but send nothing')
    .addOption(
      new Option('--check', 'say why the signature of a captured request does not verify').conflicts(sent),
    )
    .option('--headers <file>', 'with --check: the headers of the request, one per line or as JSON')
    .option('--body <file>', 'with --check: the body of the request, byte for byte')
    .option(
      '--received-at <time>',
      'with --check: when the request arrived (default: now)',
      parsers.occurredAt,
    )
    .addHelpText(
      'after',
      `
For example: npm run send -- ${exampleOptions}
Type and content identify a contribution. Sent again with the same facts, it is a duplicate and changes no number. Without
--occurred-at, it is dated now: sent again, it has another date, so it is a conflict, and the first one stands.
The types in definitions.json: ${contributionTypes.join(', ')}.
--check compares the request with the WEBHOOK_SECRETS in --env-file. It finds wrong keys, parts, encodings and clocks, and
the usual changes to a body between signing and arrival. It prints no secret and sends nothing.
Exit codes: 0 sent, or the signature verifies; 1 failed, or it does not verify; 2 misused.`,
    )
    .action(start),
)
