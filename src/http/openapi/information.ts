import { problems } from '../problem.ts'

const problemLines = Object.entries(problems).map(
  ([name, { status, title }]) => `- [\`${name}\`](/problems/${name}) ${status}: ${title}`,
)

/** What the document says of itself and of all addresses together, in Markdown. */
export const information = {
  title: 'Perennial',
  version: '1.0.0',
  summary: 'Contribution statistics that outlive the content they came from',
  description: `The site sends each contribution once, as a signed webhook; Perennial keeps it in a log that nothing can change, and serves user statistics, leaderboards and metrics from it. Deleting content never changes a number; only a correction does.

## Words

A **contribution** is one credited act: a type, the user who gets the credit, the content it is about, when it happened. An **event** is one row of the append-only **log**, with a \`delta\` of +1 or −1; its **position** is its place there. A **window** is a stretch of \`occurred_at\`, \`[from, to)\`.

## Reading

Reads are public: \`GET\` and \`HEAD\`, from any page on the web (CORS). Times are RFC 3339 in UTC with milliseconds, dates are \`YYYY-MM-DD\`, counts are integers. Answers carry \`as_of\`, the instant they are for, and \`position\`, the log position they reflect. An unknown parameter or a bad value is refused and named. Each answer has one address: with slashes at the end, empty parameters (\`&&\`) or escapes of letters and digits a request is redirected to it (308).

A user's own numbers follow within 1 s of the webhook's 200, boards and metrics within 5 s. To read your own write at once, add \`at_least\` with the position that the webhook answered.

Live answers may be kept for 10 s, those for a past \`as_of\` for 5 minutes. Each has a weak \`ETag\` over its numbers: with \`If-None-Match\` the same numbers are a 304. A page with a \`next_cursor\` has its position in the tag too.

Lists have pages: send \`next_cursor\` as \`cursor\`, with the other parameters unchanged. A cursor pins the instant and the position, so pages never overlap and add up to one answer. Lists come as CSV too: with \`Accept: text/csv\`, or with \`.csv\` behind the path.

## Problems

What cannot be answered is a problem (RFC 9457) in \`application/problem+json\`, whose \`type\` is the address of a page that explains it:

${problemLines.join('\n')}

A method that an address does not take is \`method-not-allowed\`, with the header \`Allow\`.`,
} as const
