import { defaultPort, localOrigin } from '../platform/port.ts'

/** Where the pages of a running Worker are, and what each shows. */
const pages: readonly [path: string, shows: string][] = [
  ['/', 'the dashboard'],
  ['/healthz', 'whether it is up'],
  ['/v1/status', 'the log in numbers'],
  ['/v1/leaderboards', 'every board; /v1/leaderboards/support-forum is one'],
  ['/v1/metrics', 'every metric with its value'],
  ['/v1/users/{id}', "one user's statistics"],
]

/**
 * Shell lines (bash with openssl and curl) that sign one contribution as in Standard Webhooks, send it and read
 * it back. The README shows the same lines; a test holds the two together and runs them.
 */
export const firstWebhook = (url: string): string => `. ./.dev.vars
url=${url}
now=$(date +%s)
at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
body='{"type":"contribution.created","timestamp":"'$at'","data":{"type":"answer","user":{"id":42,"username":"ana"},"occurred_at":"'$at'","content":{"type":"questions.answer","id":"'$now'"}}}'
secret=\${WEBHOOK_SECRETS%% *}
key=$(printf %s "\${secret#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')
signature=$(printf %s "msg_$now.$now.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl -sS -w '\\n' "$url/v1/webhooks" -H 'content-type: application/json' -H "webhook-id: msg_$now" -H "webhook-timestamp: $now" -H "webhook-signature: v1,$signature" --data-binary "$body"
curl -sS -w '\\n' "$url/v1/users/42"
`

/** The command that starts a Worker at an address of this machine. */
export const startCommand = (url: string): string => {
  const port = Number(new URL(url).port || 80)
  return port === defaultPort ? 'npm start' : `npm start -- --port ${port}`
}

/** The command that sends the demo to a Worker. */
const demoCommand = (url: string): string =>
  url === localOrigin(defaultPort) ? 'npm run demo' : `npm run demo -- --url ${url}`

/** What a person who has just started the Worker needs to know. */
export const guide = (url: string): string => {
  const width = Math.max(...pages.map(([path]) => path.length))
  const lines = pages.map(([path, shows]) => `  ${url}${path.padEnd(width)}  ${shows}`)
  return `Perennial is up:
${lines.join('\n')}

Give it something to show, in another terminal, in this directory: ${demoCommand(url)}

Or send a first webhook: paste this into bash, in this directory.

${firstWebhook(url)}
Ctrl-C stops the Worker. What it recorded stays in .wrangler/state.
`
}
