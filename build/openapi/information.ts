import { problems } from '../../src/http/problem.ts'

const problemLines = Object.entries(problems).map(
  ([name, { status, title }]) => `- [\`${name}\`](/problems/${name}) ${status}: ${title}`,
)

/** The `info` object of the document, with a description in Markdown. */
export const information = {
  title: 'Perennial',
  version: '1.0.0',
  summary: 'Contribution statistics that outlive the content they came from',
  description: `The site sends each contribution once, as a signed webhook; Perennial keeps it in an append-only log, and serves user statistics, leaderboards and metrics from it. Deleting content never changes a number; only a correction or an amendment does.

## Concepts

A **contribution** is one credited act: it has a type, the user who gets the credit, the content it is about, and the time when it happened. An **event** is one row of the append-only **log**, with a \`delta\` of +1 or −1; its **position** is its place in the log. A **window** is a range of \`occurred_at\`, \`[from, to)\`.

## Reading

Reads are public: \`GET\` and \`HEAD\`, from any page on the web (CORS). Times are RFC 3339 in UTC with milliseconds, dates are \`YYYY-MM-DD\`, counts are integers. Answers have \`as_of\`, the instant they are for, and \`position\`, the log position they reflect. An unknown parameter or an invalid value is a 400 that names it. Each answer has one address: a request with trailing slashes, empty parameters (\`&&\`) or escaped letters and digits is redirected to it (308).

A user’s own numbers are up to date within 1 s of the webhook’s 200, leaderboards and metrics within 5 s. To read your own write immediately, add \`at_least\` with the position that the webhook’s answer gave.

Live answers may be cached for 10 s, answers for a past \`as_of\` for 5 minutes. Each has a weak \`ETag\` over its numbers: with \`If-None-Match\`, unchanged numbers are a 304. The tag of a page with a \`next_cursor\` includes its position.

Lists have pages: send \`next_cursor\` as \`cursor\`, with the other parameters unchanged. A cursor pins the instant and the position, so pages never overlap and add up to one answer. Lists are also available as CSV: send \`Accept: text/csv\`, or append \`.csv\` to the path. With the suffix, and without \`limit\`, \`cursor\` or \`around\`, the answer is the whole list. It ends after 100,000 rows, with a \`Link\` to the next ones.

## Authentication

**Reads** need none, except on the operator’s routes.

**Webhooks** are signed as [Standard Webhooks](https://www.standardwebhooks.com) specifies. Sender and receiver share a secret, \`whsec_\` and the base64 of at least 24 random bytes. Each request has three headers:

- \`webhook-id\`: the message’s own id, the same for every delivery of it
- \`webhook-timestamp\`: when this delivery is sent, in Unix seconds; at most 300 s ago and 60 s ahead
- \`webhook-signature\`: \`v1,\` and the base64 of HMAC-SHA256 over \`{webhook-id}.{webhook-timestamp}.{body}\`, with the bytes of the secret as the key

Sign the body exactly as it is sent, byte for byte, and sign each delivery anew. Several signatures, separated by spaces, are allowed: one that verifies is enough, so secrets can be rotated. [Send a webhook](#receiveWebhook) has the whole request in three languages. Every cause of failure gets the same answer, \`invalid-signature\`; \`npm run send -- --check\` says which it is. Never send from a browser: the secret would be public.

**The operator’s routes** need \`Authorization: Bearer\` with the service’s \`ADMIN_TOKEN\`. They have no CORS headers, so pages of other sites cannot read them.

## Problems

Errors are problems (RFC 9457) in \`application/problem+json\`. Their \`type\` is the address of a page that explains them:

${problemLines.join('\n')}

A method that an address does not support is \`method-not-allowed\`, with the header \`Allow\`.`,
} as const
