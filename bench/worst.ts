/** A public read, asked for what costs most. */
export interface WorstQuery {
  /** As in src/routes.ts. */
  route: string
  path: string
  /** What keeps it from costing more. */
  bound: string
  /** D1 rows that it reads at most, for each event in the log, and beside that. */
  rowsAnEvent: number
  rows: number
  /** Statements of D1 that it runs at most, those in batches too: one for each so many events, and beside that. */
  eventsAQuery: number
  queries: number
}

/** What D1 allows one request of statements (developers.cloudflare.com/d1/platform/limits). */
export const queriesMax = 1000

/** As many events as a log may have for that to hold of every route: two and a half times all of SUMO's history. */
export const eventsMax = 10_000_000

/** What is found by an index. */
const index = { rowsAnEvent: 0, rows: 50, eventsAQuery: Infinity, queries: 5 }

/** The first answer for a user reads each of the user's events once; after that the object has them. At most a tenth of the log is by one user. */
const counter = { rowsAnEvent: 1, rows: 50, eventsAQuery: 12_500, queries: 10 }

/** Ranking reads an event, the end of its slice, its user, and its place among the user's. */
const ranking = { rowsAnEvent: 4, rows: 1000, eventsAQuery: 15_000, queries: 30 }

/** Summing up the log once. */
const summary = { rowsAnEvent: 1.1, rows: 100, eventsAQuery: 20_000, queries: 10 }

const scanned = 'the queue of scans (one at a time, 503 after 2 s), the limit of scans, the cache'

/** Every public read at its most expensive; each for another user, one of the busiest. */
export const worstQueries = (nextUser: () => number): WorstQuery[] => [
  { route: '/v1/users', path: '/v1/users?username=nobody', bound: 'index, at most 20 users', ...index },
  {
    route: '/v1/users/:id',
    path: `/v1/users/${nextUser()}`,
    bound: "the user's events once, then the object's own SQLite",
    ...counter,
  },
  {
    route: '/v1/users/:id/contributions',
    path: `/v1/users/${nextUser()}/contributions?limit=1000`,
    bound: "the object's own SQLite, at most 1,000 an answer",
    ...counter,
  },
  {
    route: '/v1/users/:id/calendar',
    path: `/v1/users/${nextUser()}/calendar?from=2016-12-01&to=2026-12-01&time_zone=America/Los_Angeles`,
    bound: "the object's own SQLite, at most 3,660 days",
    ...counter,
  },
  {
    route: '/v1/users/:id/card.svg',
    path: `/v1/users/${nextUser()}/card.svg`,
    bound: "the object's own SQLite, 10 KB",
    ...counter,
  },
  {
    route: '/v1/users/:id/badge.json',
    path: `/v1/users/${nextUser()}/badge.json?window=3660d`,
    bound: "the object's own SQLite",
    ...counter,
  },
  {
    route: '/v1/leaderboards',
    path: '/v1/leaderboards',
    bound: 'the log once, then what is new',
    ...summary,
  },
  {
    route: '/v1/leaderboards/:board',
    path: '/v1/leaderboards/questions?window=3660d&limit=100',
    bound: scanned,
    ...ranking,
  },
  {
    route: '/v1/metrics',
    path: '/v1/metrics',
    bound: 'built once from 30 days, then the objects',
    ...ranking,
    rowsAnEvent: 6,
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
    route: '/v1/metrics/:metric/history',
    path: '/v1/metrics/active_contributors/history?from=1990-01-01&to=2027-01-01&interval=month&time_zone=America/Los_Angeles',
    bound: `at most 1,000 points, a year of events a statement; ${scanned}`,
    ...ranking,
  },
  {
    route: '/v1/status',
    path: '/v1/status',
    bound: 'the log once, then what is new',
    ...summary,
  },
  { route: '/healthz', path: '/healthz', bound: 'the end of the log', ...index },
  { route: '/openapi.json', path: '/openapi.json', bound: 'written once, then in memory', ...index },
  {
    route: '/',
    path: '/?window=all&board=overall',
    bound: 'as the metrics and the board that it shows',
    ...ranking,
    rowsAnEvent: 10,
    queries: 90,
  },
  {
    route: '/users/:id',
    path: `/users/${nextUser()}`,
    bound: "the user's events once, then the object's own SQLite",
    ...counter,
  },
  { route: '/docs', path: '/docs', bound: 'asks nothing of the log', ...index },
  { route: '/problems', path: '/problems', bound: 'asks nothing of the log', ...index },
  { route: '/problems/:name', path: '/problems/internal', bound: 'asks nothing of the log', ...index },
]

/** A row of the table as far as it is no measurement. */
export const rowOf = ({ route, bound, rows, rowsAnEvent, queries, eventsAQuery }: WorstQuery): string[] => [
  `\`${route}\``,
  bound,
  rowsAnEvent === 0 ? String(rows) : `${rowsAnEvent} an event, and ${rows}`,
  eventsAQuery === Infinity ? String(queries) : `1 in ${eventsAQuery} events, and ${queries}`,
]
