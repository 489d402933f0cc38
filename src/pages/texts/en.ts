/** The texts of the pages in English, and the keys of every language. catalogue.ts says how to add one. */
export const en = {
  // Every page
  'page.skip': 'Skip to content',
  'page.site': 'Site',
  'page.language': 'Language',
  'page.dashboard': 'Dashboard',
  'page.api': 'API',
  'page.footer':
    'All numbers come from a permanent log of contributions and are available through the <api>public API</api>. Deleting content never changes them.',
  'page.as-of': 'As of {time} · log position {position}',
  'page.as-of-time': 'As of {time}',

  // What several pages have
  loading: 'Loading…',
  'copy.button': 'Copy<hidden> {name}</hidden>',
  'copy.done': 'Copied',
  'copy.failed': 'Can’t copy here: select the text and copy it yourself',
  'table.open': 'View as table',
  'table.date': 'Date',
  'zone.label': 'Time zone',
  'zone.own': '{zone} (yours)',
  'origin.note': 'Replace {origin} with this site’s address.',
  'window.all': 'All time',
  'window.days': { one: '{count} day', other: '{count} days' },
  'window.in.all': 'all time',
  'window.in.days': { one: 'last day', other: 'last {count} days' },
  'types.all': 'All contributions',
  contributions: { one: '{count} contribution', other: '{count} contributions' },
  contributors: { one: '{count} contributor', other: '{count} contributors' },
  days: { one: '{count} day', other: '{count} days' },

  // A user’s page
  'profile.documents': { one: '{count} document edited', other: '{count} documents edited' },

  // Why the API did not answer
  'notice.offline': 'Can’t connect.',
  'notice.too-many-requests': 'Too many requests came from your network.',
  'notice.unavailable': 'The service can’t answer at the moment.',
  'notice.retry': 'Retrying in {seconds} s.',

  // Problems as pages
  'problem.not-found': 'Page not found',
  'problem.not-found.text': 'There is no such page or contributor.',
  'problem.too-many-requests': 'Too many requests',
  'problem.too-many-requests.text': 'Too many requests came from your network. Try again in a minute.',
  'problem.unavailable': 'Service unavailable',
  'problem.unavailable.text': 'The service can’t answer at the moment. Try again in a moment.',
  'problem.internal': 'Internal error',
  'problem.internal.text': 'Something unexpected happened. It has been logged; try again later.',
  'problem.home': 'Go to the dashboard',
} as const
