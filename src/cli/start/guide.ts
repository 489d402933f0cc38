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

/**
 * Shell lines (bash with openssl and curl) that sign a contribution by Standard Webhooks, send it and read it back. A
 * test runs them and checks that the README has the same lines.
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

/** The command that starts a Worker at a local address. */
export const startCommand = (url: string): string => {
  const port = Number(new URL(url).port || 80)
  return port === defaultPort ? 'npm start' : `npm start -- --port ${port}`
}

/** The command that runs the demo against a Worker. */
const demoCommand = (url: string): string =>
  url === localOrigin(defaultPort) ? 'npm run demo' : `npm run demo -- --url ${url}`

/** What `npm start` prints once the Worker answers. */
export const guide = (url: string): string => {
  const width = Math.max(...pages.map(([path]) => path.length))
  const lines = pages.map(([path, shows]) => `  ${url}${path.padEnd(width)}  ${shows}`)
  return `Perennial is running:
${lines.join('\n')}

To fill it with demo data, run this in another terminal, in this directory: ${demoCommand(url)}

To send a first webhook, paste this into bash, in this directory:

${firstWebhook(url)}
Ctrl-C stops the Worker. Its data stays in .wrangler/state.
`
}
