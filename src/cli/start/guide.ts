import { counted } from '../console/format.ts'
import { exampleOptions } from '../send/contribution.ts'
import { defaultPort, localOrigin } from '../platform/localAddress.ts'

/** The pages of a running Worker. */
const pages: readonly [path: string, shows: string][] = [
  ['/', 'the dashboard'],
  ['/healthz', 'health check'],
  ['/v1/status', 'the state of the log'],
  ['/v1/leaderboards', 'all leaderboards, for example /v1/leaderboards/support-forum'],
  ['/v1/metrics', 'all metrics with their values'],
  ['/v1/users/{id}', "a user's statistics"],
]

/** The command that starts a Worker at a local address. */
export const startCommand = (url: string): string => {
  const port = Number(new URL(url).port || 80)
  return port === defaultPort ? 'npm start' : `npm start -- --port ${port}`
}

/** The command line of a script that is run against the Worker at `url`. */
const against = (url: string, script: string, ...options: string[]): string => {
  const all = url === localOrigin(defaultPort) ? options : [...options, `--url ${url}`]
  return [`npm run ${script}`, ...(all.length > 0 ? ['--'] : []), ...all].join(' ')
}

/** What to do next, depending on the number of contributions in the log. */
const nextStep = (url: string, contributions: number): string =>
  contributions === 0
    ? `The log is empty. To send a first contribution, run in another terminal, in this directory:
  ${against(url, 'send', exampleOptions)}`
    : `The log has ${counted(contributions, 'contribution')}. How to send more, in another terminal, in this directory:
  npm run send -- --help`

/** What `npm start` prints once the Worker answers. */
export const guide = (url: string, contributions: number): string => {
  const width = Math.max(...pages.map(([path]) => path.length))
  const lines = pages.map(([path, shows]) => `  ${url}${path.padEnd(width)}  ${shows}`)
  return `Perennial is running:
${lines.join('\n')}

${nextStep(url, contributions)}
To send three years of a made-up community:
  ${against(url, 'demo')}

Ctrl-C stops the Worker. Its data stays in .wrangler/state. After changing a file of the project, restart it.
`
}
