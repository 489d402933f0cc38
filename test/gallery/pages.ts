import { guides, problemPages } from '../../build/generated/reference.js'

/** A page of the gallery. */
export interface GalleryPage {
  name: string
  /** Its route in src/routes.ts; undefined for what no route answers. */
  route: string | undefined
  /** Its address. `user` is who has most contributions in the log. */
  path: (user: number) => string
  /**
   * `live` pages show numbers of the log, and are shown in every state. A `variant` is a live page in another form, and is
   * shown in one state. So is a `text`, which looks the same in every state.
   */
  kind: 'live' | 'variant' | 'text'
  /** The only part that is shown. */
  part?: string
  /** Whether the operator's token is typed in. */
  isOperators?: true
  /** Whether its collapsed parts are opened. */
  isOpened?: true
  /** Whether the API reports that something is wrong with the service. */
  isFaulty?: true
  /** A link to follow once the API fails: what was on the page must not stand under another heading. */
  next?: string
}

type Form = Pick<GalleryPage, 'part' | 'isOperators' | 'isOpened' | 'isFaulty' | 'next'>

const live = (name: string, route: string, path: GalleryPage['path'], form: Form = {}): GalleryPage => ({
  name,
  route,
  path,
  kind: 'live',
  ...form,
})

const variant = (name: string, route: string, path: GalleryPage['path'], form: Form = {}): GalleryPage => ({
  ...live(name, route, path, form),
  kind: 'variant',
})

const text = (name: string, route: string | undefined, path: string): GalleryPage => ({
  name,
  route,
  path: () => path,
  kind: 'text',
})

/** The address of the sheet of cards and badges, which the gallery itself makes. */
export const cardsPath = '/robots.txt'

/** Who has a name as long as names may be, in the log of the demo. */
export const longNamed = 4712

const neighbours = '/?board=overall&window=all&around='

/** Every page, in the order of the gallery. A test compares the routes with src/routes.ts. */
export const galleryPages: readonly GalleryPage[] = [
  live('dashboard', '/', () => '/'),
  live('dashboard-neighbours', '/', (user) => `${neighbours}${user}&range=3y&interval=month`, {
    next: '.boards > .choices a:not([aria-current])',
  }),
  variant('dashboard-tables', '/', () => '/', { isOpened: true }),
  variant('dashboard-found-nobody', '/', () => '/?search=nobody-has-this-name'),
  variant('dashboard-long-name', '/', () => `${neighbours}${longNamed}`),
  variant('dashboard-german', '/', () => '/?lang=de'),
  live('profile', '/users/:id', (user) => `/users/${user}`),
  live('profile-list', '/users/:id', (user) => `/users/${user}?type=answer&window=90d&ranks=all`, {
    next: '.years a:not([aria-current])',
  }),
  variant('profile-long-name', '/users/:id', () => `/users/${longNamed}`),
  variant('profile-german', '/users/:id', (user) => `/users/${user}?lang=de`),
  live('embed', '/users/:id', (user) => `/users/${user}?variant=wide&theme=dark`, { part: '#embed' }),
  live('community', '/community', () => '/community'),
  live('community-months', '/community', () => '/community?interval=month&split=locale', {
    next: '.choices a:not([aria-current])',
  }),
  variant('community-tables', '/community', () => '/community', { isOpened: true }),
  variant('community-german', '/community', () => '/community?lang=de'),
  live('status', '/status', () => '/status'),
  live('status-operator', '/status', () => '/status', { isOperators: true }),
  variant('status-faulty', '/status', () => '/status', { isFaulty: true }),
  variant('status-german', '/status', () => '/status?lang=de'),
  live('cards', '/v1/users/:id/card.svg', () => cardsPath),
  text('no-contributor', '/users/:id', '/users/4711'),
  text('no-page', undefined, '/nothing-here'),
  text('docs', '/docs', '/docs'),
  ...Object.keys(guides).map((name) => text(`guide-${name}`, '/docs/:guide', `/docs/${name}`)),
  text('problems', '/problems', '/problems'),
  ...Object.keys(problemPages).map((name) => text(`problem-${name}`, '/problems/:name', `/problems/${name}`)),
]

/** The widths and themes of each picture. */
export const widths = [360, 1280] as const
export const themes = ['light', 'dark'] as const

/** The name of a picture. */
export const pictureName = (page: string, state: string, width: number, theme: string): string =>
  `${page}-${state}-${width}-${theme}`
