import { describe, expect, it } from 'vitest'
import { problems } from '../../src/http/problem.ts'
import { operationsOf } from '../support/document.ts'
import { fetchApi, read } from '../support/site.ts'

const asBrowser = { headers: { accept: 'text/html' } }

const page = async (path: string): Promise<string> => {
  const response = await fetchApi(path, asBrowser)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  const html = await response.text()
  expect(html).not.toMatch(/<[^>]* (?:style|on[a-z]+)=|<style/)
  return html
}

const all = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map(([, found = '']) => found)

describe('/docs', () => {
  it('has a section for every operation, with its address, parameters and an example request', async () => {
    const html = await page('/docs')
    const sections = html.split('<section class="operation').slice(1)
    const described = operationsOf(await read('/openapi.json')).filter(({ path }) => !path.endsWith('.csv'))
    expect(sections).toHaveLength(described.length)
    for (const { path, method, operation } of described) {
      const section = sections.find((each) => each.includes(`id="${operation.operationId}"`)) ?? ''
      expect(section).toContain(`<span class="method">${method.toUpperCase()}</span> <code>${path}</code>`)
      expect(section).toContain('curl -sS ')
      const named = all(section, /<code class="property-name">([^<]+)</g)
      for (const { name } of operation.parameters) expect(named, operation.operationId).toContain(name)
    }
  })

  it('describes every schema, and all its links work', async () => {
    const html = await page('/docs')
    const ids = all(html, / id="([^"]+)"/g)
    expect(ids).toHaveLength(new Set(ids).size)
    const { components } = await read('/openapi.json')
    expect(ids).toEqual(
      expect.arrayContaining(Object.keys(components.schemas).map((name) => `schema-${name}`)),
    )
    expect(all(html, / href="#([^"]+)"/g).filter((anchor) => !ids.includes(anchor))).toEqual([])
    const pages = new Set(all(html, / href="(\/(?:problems|docs)[^"#?]*)"/g))
    expect(pages.size).toBe(Object.keys(problems).length + 1)
    for (const path of pages) await page(path)
  })

  it('quotes addresses for the shell', async () => {
    const html = await page('/docs')
    const commands = all(html, /<code>(curl -sS [^<]*)<\/code>/g).map((text) =>
      text.replaceAll('&amp;', '&').replaceAll('&quot;', '"'),
    )
    expect(commands).toContain(
      `curl -sS 'https://your-perennial.example/v1/leaderboards/support-forum?window=all&around=42&limit=3'`,
    )
    expect(commands).toContain(
      `curl -sS 'https://your-perennial.example/v1/log?after=0&limit=2' -H "authorization: Bearer $ADMIN_TOKEN"`,
    )
  })
})

describe('/problems', () => {
  it('lists every problem', async () => {
    const html = await page('/problems')
    expect(all(html, / href="\/problems\/([^"]+)"/g)).toEqual(Object.keys(problems))
  })

  it.each(Object.entries(problems))(
    '/problems/%s explains when it happens and what to do',
    async (name, problem) => {
      const html = await page(`/problems/${name}`)
      expect(html).toContain(`<h1>${problem.title}</h1>`)
      expect(html).toContain(String(problem.status))
      expect(html).toMatch(/<h2>When it happens<\/h2><p><span>.+\.<\/span><\/p>/)
      expect(html).toMatch(/<h2>What to do<\/h2><p><span>.+\.<\/span><\/p>/)
    },
  )

  it('/problems/:name returns 404 for an unknown name', async () => {
    for (const name of ['nothing', 'constructor', 'Internal']) {
      const response = await fetchApi(`/problems/${name}`, asBrowser)
      expect(response.status).toBe(404)
      expect(await response.text()).toContain('No such problem')
    }
  })

  it('the type of a problem document is the address of its page', async () => {
    const problem: { type: string } = await (await fetchApi('/v1/users/007')).json()
    expect(await page(problem.type)).toContain('Not found')
  })
})
