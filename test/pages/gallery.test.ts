import { expect, it } from 'vitest'
import { problems } from '../../src/http/problem.ts'
import { routes } from '../../src/routes.ts'
import { galleryPages } from '../gallery/pages.ts'

const pageRoutes = routes.flatMap(({ access, path }) => (access === 'page' ? [path] : []))

it('the gallery has a picture of every page route, of every problem, and of a page that does not exist', () => {
  const shown = new Set(galleryPages.map(({ route }) => route))
  expect(pageRoutes.filter((path) => !shown.has(path))).toEqual([])
  const paths = new Set(galleryPages.map(({ path }) => path(1)))
  expect(Object.keys(problems).filter((name) => !paths.has(`/problems/${name}`))).toEqual([])
  expect(galleryPages.filter(({ route }) => route === undefined)).toHaveLength(1)
})

it('the gallery names only routes that exist, and no page twice', () => {
  const known = new Set<string | undefined>([undefined, ...routes.map(({ path }) => path)])
  expect(galleryPages.filter(({ route }) => !known.has(route))).toEqual([])
  expect(new Set(galleryPages.map(({ name }) => name)).size).toBe(galleryPages.length)
})
