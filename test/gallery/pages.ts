import { guides, problemPages } from '../../build/generated/reference.js'

/** A page of the gallery. */
export interface GalleryPage {
  name: string
  /** Its route in src/routes.ts; undefined for what no route answers. */
  route: string | undefined
  /** Its address. `user` is who has most contributions in the log. */
  path: (user: number) => string
  /** Whether it shows numbers of the log. The others look the same in every state, and are shown in one. */
  isLive: boolean
  /** The only part that is shown. */
  part?: string
  /** Whether the operator's token is typed in. */
  isOperators?: true
  /** A link to follow once the API fails: what was on the page must not stand under another heading. */
  next?: string
}

const live = (
  name: string,
  route: string,
  path: GalleryPage['path'],
  more: Pick<GalleryPage, 'part' | 'isOperators' | 'next'> = {},
): GalleryPage => ({ name, route, path, isLive: true, ...more })

const still = (name: string, route: string | undefined, path: string): GalleryPage => ({
  name,
  route,
  path: () => path,
  isLive: false,
})

/** The address of the sheet of cards and badges, which the gallery itself makes. */
export const cardsPath = '/robots.txt'

/** Every page, in the order of the gallery. A test compares the routes with src/routes.ts. */
export const galleryPages: readonly GalleryPage[] = [
  live('dashboard', '/', () => '/'),
  live(
    'dashboard-neighbours',
    '/',
    (user) => `/?board=overall&window=all&around=${user}&range=3y&interval=month`,
    { next: '.boards > .choices a:not([aria-current])' },
  ),
  live('profile', '/users/:id', (user) => `/users/${user}`),
  live('profile-list', '/users/:id', (user) => `/users/${user}?type=answer&window=90d&ranks=all`, {
    next: '.years a:not([aria-current])',
  }),
  live('embed', '/users/:id', (user) => `/users/${user}?variant=wide&theme=dark`, { part: '#embed' }),
  live('community', '/community', () => '/community'),
  live('community-months', '/community', () => '/community?interval=month&split=locale', {
    next: '.choices a:not([aria-current])',
  }),
  live('status', '/status', () => '/status'),
  live('status-operator', '/status', () => '/status', { isOperators: true }),
  live('cards', '/v1/users/:id/card.svg', () => cardsPath),
  still('no-contributor', '/users/:id', '/users/4711'),
  still('no-page', undefined, '/nothing-here'),
  still('docs', '/docs', '/docs'),
  ...Object.keys(guides).map((name) => still(`guide-${name}`, '/docs/:guide', `/docs/${name}`)),
  still('problems', '/problems', '/problems'),
  ...Object.keys(problemPages).map((name) =>
    still(`problem-${name}`, '/problems/:name', `/problems/${name}`),
  ),
]

/** The widths and themes of each picture. */
export const widths = [360, 1280] as const
export const themes = ['light', 'dark'] as const

/** The name of a picture's file. */
export const pictureName = (page: string, state: string, width: number, theme: string): string =>
  `${page}-${state}-${width}-${theme}.png`
