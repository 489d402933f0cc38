/** The most expensive request of a public route. */
export interface WorstQuery {
  /** The path in src/routes.ts. */
  route: string
  path: string
  /** What limits its cost. */
  bound: string
  /** Reads at most `rowsPerEvent` D1 rows per event in the log, plus `rows`. */
  rowsPerEvent: number
  rows: number
  /** Runs at most one D1 statement per `eventsPerQuery` events, plus `queries`. Each statement of a batch counts. */
  eventsPerQuery: number
  queries: number
}

/** The maximum number of D1 statements per request (developers.cloudflare.com/d1/platform/limits). */
export const queriesMax = 1000

/** The size of the log up to which every route stays within that limit: two and a half times SUMO's whole history. */
export const eventsMax = 10_000_000

/** Index lookups. */
const index = { rowsPerEvent: 0, rows: 50, eventsPerQuery: Infinity, queries: 5 }

/**
 * The first answer of a user's counter reads each of their events once; after that, the object has them. Assumes that
 * at most a tenth of the log is by one user.
 */
const counter = { rowsPerEvent: 1, rows: 50, eventsPerQuery: 12_500, queries: 10 }

/** Before the counter is called, an isolate may have tried to count the user's first 1,001 events, and read each 5 times. */
const firstRead = { ...counter, rows: 5100, queries: 15 }

/** Per event, ranking reads the event, the end of its slice, its user, and its place among the user's events. */
const ranking = { rowsPerEvent: 4, rows: 1000, eventsPerQuery: 15_000, queries: 30 }

/**
 * Distinct parents are read by ranges of users: the end of each range, the event, and its row. Distinct days are read
 * with one statement per year of events.
 */
const distinct = { ...ranking, rowsPerEvent: 6, queries: 60 }

/** One pass over the log. */
const summary = { rowsPerEvent: 1.1, rows: 100, eventsPerQuery: 20_000, queries: 10 }

const otherUsers = Array.from({ length: 99 }, (_, other) => 1001 + other * 2)

const scanned = 'the scan queue (one at a time, 503 after 2 s), the scan limit, the cache'

/** The first answer reads every event, and every user by an index and by row. Later answers read only what is new. */
const columns = { rowsPerEvent: 3.1, rows: 100, eventsPerQuery: 13_000, queries: 10 }

const computed = 'the log once, then only new events; the scan limit, the cache'

/** The worst query of every public route, each for a different one of the busiest users. */
export const worstQueries = (nextUser: () => number): WorstQuery[] => [
  { route: '/v1/users', path: '/v1/users?username=nobody', bound: 'an index, at most 20 users', ...index },
  {
    route: '/v1/users',
    path: '/v1/users?search=an',
    bound: 'every event and user once, then the SQLite of an object',
    rowsPerEvent: 4,
    rows: 100,
    eventsPerQuery: 12_500,
    queries: 10,
  },
  {
    route: '/v1/users',
    path: `/v1/users?ids=${[nextUser(), ...otherUsers].join(',')}&period=2026`,
    bound: "each user's events once, then the SQLite of at most 100 objects",
    rowsPerEvent: 1,
    rows: 1000,
    eventsPerQuery: 20_000,
    queries: 400,
  },
  {
    route: '/v1/users/:id',
    path: `/v1/users/${nextUser()}`,
    bound: "the user's events once, then the object's SQLite",
    ...firstRead,
  },
  {
    route: '/v1/users/:id/contributions',
    path: `/v1/users/${nextUser()}/contributions?limit=1000`,
    bound: "the object's SQLite, at most 1,000 per answer",
    ...counter,
  },
  {
    route: '/v1/users/:id/calendar',
    path: `/v1/users/${nextUser()}/calendar?from=2016-12-01&to=2026-12-01&time_zone=America/Los_Angeles`,
    bound: "the object's SQLite, at most 3,660 days",
    ...counter,
  },
  {
    route: '/v1/users/:id/card.svg',
    path: `/v1/users/${nextUser()}/card.svg`,
    bound: "the object's SQLite, 10 KB",
    ...counter,
  },
  {
    route: '/v1/users/:id/badge.json',
    path: `/v1/users/${nextUser()}/badge.json?window=3660d`,
    bound: "the object's SQLite",
    ...counter,
  },
  {
    route: '/v1/definitions',
    path: '/v1/definitions',
    bound: 'the log once, then only new events',
    ...summary,
  },
  {
    route: '/v1/leaderboards',
    path: '/v1/leaderboards',
    bound: 'the log once, then only new events',
    ...summary,
  },
  {
    route: '/v1/leaderboards/:board',
    path: '/v1/leaderboards/questions?window=3660d&limit=100',
    bound: scanned,
    ...ranking,
  },
  {
    route: '/v1/leaderboards/:board',
    path: '/v1/leaderboards/overall?window=all&measure=parents&limit=100',
    bound: scanned,
    ...distinct,
  },
  {
    route: '/v1/leaderboards/:board',
    path: '/v1/leaderboards/overall?from=2000-01-01&measure=days&time_zone=America/Los_Angeles&limit=100',
    bound: scanned,
    ...distinct,
  },
  {
    route: '/v1/leaderboards/:board',
    path: '/v1/leaderboards/overall.csv?window=3660d',
    bound: `at most 100,000 rows, 1,000 at a time; two scans: ${scanned}`,
    ...ranking,
    rowsPerEvent: 8,
    queries: 160,
  },
  {
    route: '/v1/metrics',
    path: '/v1/metrics',
    bound: 'built once from 30 days of events, then kept in objects',
    ...ranking,
    rowsPerEvent: 6,
    rows: 100,
    queries: 60,
  },
  {
    route: '/v1/metrics/:metric',
    path: '/v1/metrics/active_contributors?window=3660d',
    bound: scanned,
    ...ranking,
  },
  {
    route: '/v1/metrics/:metric/users',
    path: '/v1/metrics/active_contributors/users?window=all&measure=parents&limit=1000',
    bound: scanned,
    ...distinct,
    rows: 2000,
  },
  {
    route: '/v1/metrics/:metric/history',
    path: '/v1/metrics/active_contributors/history?from=1990-01-01&to=2027-01-01&interval=month&time_zone=America/Los_Angeles',
    bound: `at most 1,000 points, a statement per year of events; ${scanned}`,
    ...ranking,
  },
  {
    route: '/v1/volume',
    path: '/v1/volume?from=2000-01-01&interval=month&group_by=locale&time_zone=America/Los_Angeles',
    bound: `at most 1,000 points of 51 series, two statements per year of events; ${scanned}`,
    ...ranking,
    rowsPerEvent: 6,
    queries: 60,
  },
  {
    route: '/v1/community',
    path: '/v1/community?from=2007-12-01&to=2026-12-01&interval=week&time_zone=America/Los_Angeles',
    bound: `at most 1,000 points; ${computed}`,
    ...columns,
  },
  {
    route: '/v1/community/cohorts',
    path: '/v1/community/cohorts?from=2022-01-01&interval=month&time_zone=America/Los_Angeles',
    bound: `at most 60 cohorts; ${computed}`,
    ...columns,
  },
  {
    route: '/v1/responses',
    path: '/v1/responses?from=2024-03-01&interval=day&time_zone=America/Los_Angeles',
    bound: `at most 1,000 points; ${computed}`,
    ...columns,
  },
  {
    route: '/v1/status',
    path: '/v1/status',
    bound: 'the log once, then only new events',
    ...summary,
  },
  { route: '/healthz', path: '/healthz', bound: 'the last row of the log', ...index },
  { route: '/openapi.json', path: '/openapi.json', bound: 'built once, then in memory', ...index },
  {
    route: '/',
    path: '/?window=all&board=overall',
    bound: 'the metrics and the board that it shows',
    ...ranking,
    rowsPerEvent: 10,
    queries: 90,
  },
  {
    route: '/users/:id',
    path: `/users/${nextUser()}`,
    bound: "the user's events once, then the object's SQLite",
    ...firstRead,
  },
  {
    route: '/community',
    path: '/community?interval=month',
    bound: 'the log once, then only new events; the volume that it shows',
    ...columns,
    rowsPerEvent: 20,
    rows: 2000,
    queries: 200,
  },
  {
    route: '/status',
    path: '/status',
    bound: 'the log once, then only new events',
    ...summary,
    rowsPerEvent: 2,
    rows: 1000,
    queries: 50,
  },
  { route: '/docs', path: '/docs', bound: 'does not read the log', ...index },
  { route: '/docs/:guide', path: '/docs/sending', bound: 'does not read the log', ...index },
  { route: '/problems', path: '/problems', bound: 'does not read the log', ...index },
  { route: '/problems/:name', path: '/problems/internal', bound: 'does not read the log', ...index },
]

const whole = new Intl.NumberFormat('en-US')

/** The columns of a table row that are not measured. */
export const rowOf = ({
  route,
  bound,
  rows,
  rowsPerEvent,
  queries,
  eventsPerQuery,
}: WorstQuery): string[] => [
  `\`${route}\``,
  bound,
  rowsPerEvent === 0 ? whole.format(rows) : `${rowsPerEvent} per event + ${whole.format(rows)}`,
  eventsPerQuery === Infinity ? String(queries) : `1 per ${whole.format(eventsPerQuery)} events + ${queries}`,
]
