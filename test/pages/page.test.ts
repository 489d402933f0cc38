import { expect, it } from 'vitest'
import { takeD1Out } from '../support/faults.ts'
import { fetchApi } from '../support/site.ts'

const asBrowser = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }

it.each(['/users/999', '/users/ana'])(
  '%s says that there is no such contributor, and where to look for people by name',
  async (path) => {
    const response = await fetchApi(path, asBrowser)
    const html = await response.text()
    expect(response.status).toBe(404)
    expect(html).toContain('<h1>No such contributor</h1>')
    expect(html).toContain('The dashboard finds people by name.')
    expect(html).toContain('<a href="/">Go to the dashboard</a>')
  },
)

it('a page that cannot be rendered while D1 fails says so, and links to the status page', async () => {
  const endOutage = takeD1Out()
  const response = await fetchApi('/users/998', asBrowser)
  const html = await response.text()
  endOutage()
  expect(response.status).toBe(503)
  expect(html).toContain('<h1>Service unavailable</h1>')
  expect(html).toContain('The service can’t answer at the moment.')
  expect(html).toContain('<a href="/status">See the state of the service</a>')
})

it('the policy of a page allows only scripts, styles and images of this site', async () => {
  const response = await fetchApi('/', asBrowser)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
      "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  )
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
  const html = await response.text()
  expect(html).toMatch(/^<!doctype html><html lang="en">/)
  expect(html).not.toMatch(/<[^>]* (?:style|on[a-z]+)=|<style/)
  const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)
  expect(scripts).toEqual([
    '<script type="module" src="/assets/dashboard.js">',
    '<script id="props" type="application/json">',
  ])
})

it('GET / also takes HEAD, and other methods get 405', async () => {
  const [head, got] = [await fetchApi('/', { method: 'HEAD' }), await fetchApi('/')]
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
  expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'))
  const posted = await fetchApi('/', { method: 'POST' })
  expect(posted.status).toBe(405)
  expect(posted.headers.get('allow')).toBe('GET, HEAD')
})

it('an unknown path gets a 404 page in a browser and a problem document elsewhere', async () => {
  const page = await fetchApi('/nowhere/<script>', asBrowser)
  expect(page.status).toBe(404)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('cache-control')).toBe('no-store')
  const html = await page.text()
  expect(html).toContain('<h1>Page not found</h1>')
  expect(html).toContain('Cannot find /nowhere/')
  for (const [path, accept] of [
    ['/nowhere', '*/*'],
    ['/v1/nowhere', 'text/html'],
    ['/v1', 'text/html'],
  ]) {
    const problem = await fetchApi(path ?? '', { headers: { accept: accept ?? '' } })
    expect(problem.status).toBe(404)
    expect(problem.headers.get('content-type')).toBe('application/problem+json')
  }
})
