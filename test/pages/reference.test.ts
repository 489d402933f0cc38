import { describe, expect, it } from 'vitest'
import { problemSchema } from '../../build/openapi/problems.ts'
import { problems } from '../../src/http/problem.ts'
import { operationsOf } from '../support/document.ts'
import { guides } from '../../build/generated/reference.js'
import { fetchApi, read, type Json } from '../support/site.ts'

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

/** The text of HTML whose only markup is that of highlighted tokens. */
const codeOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')

const codeIn = (html: string, language: string): string[] =>
  all(html, new RegExp(`<div class="sample sample-${language}">.*?<code>(.*?)</code></pre>`, 'gs')).map(
    codeOf,
  )

const linkTo = (anchor: string): string => `<a href="#${anchor}"`

describe('/docs', () => {
  it('has a section for every operation, with its address, parameters and an example request in three languages', async () => {
    const html = await page('/docs')
    const sections = html.split('<section class="operation').slice(1)
    const described = operationsOf(await read('/openapi.json')).filter(({ path }) => !path.endsWith('.csv'))
    for (const { path, method, operation } of described) {
      const section = sections.find((each) => each.includes(` id="${operation.operationId}"`)) ?? ''
      expect(section).toContain(`<span class="method">${method.toUpperCase()}</span> <code>${path}</code>`)
      for (const [language, beginning] of [
        ['curl', /curl -sS |^body=/],
        ['javascript', /fetch\('/],
        ['python', /urllib\.request/],
      ] as const)
        expect(codeIn(section, language)[0], `${operation.operationId} ${language}`).toMatch(beginning)
      for (const { name } of operation.parameters)
        expect(section, operation.operationId).toContain(` id="${operation.operationId}.${name}"`)
    }
  })

  it('explains a parameter that several endpoints share once, and each of them links to it', async () => {
    const html = await page('/docs')
    const explained = 'Answer for this instant, from today’s log: RFC 3339 with an offset, not later than now'
    expect(html.split(explained)).toHaveLength(2)
    const [, common = ''] = html.split('<section class="common-parameters"')
    const names = all(common.split('</section>')[0] ?? '', / id="common-parameters\.([^"]+)"/g)
    expect(names).toEqual(
      expect.arrayContaining(['from', 'to', 'period', 'time_zone', 'as_of', 'at_least', 'locale', 'product']),
    )
    for (const { path, operation } of operationsOf(await read('/openapi.json'))) {
      if (path.endsWith('.csv') || !operation.parameters.some(({ name }: Json) => name === 'as_of')) continue
      const [, shared = ''] = html.split(` id="${operation.operationId}.as_of"><a href="`)
      expect(shared.split('"')[0], operation.operationId).toBe('#common-parameters.as_of')
    }
  })

  it('lists the endpoints of a chapter at its head', async () => {
    const [, users = ''] = (await page('/docs')).split('<h2 id="users"')
    const [, list = ''] = users.split('<ul class="endpoints">')
    const addresses = all(list.split('</ul>')[0] ?? '', /<a href="(#\w+">.*?)<\/a>/g).map(codeOf)
    expect(addresses).toEqual([
      '#findUsers">GET /v1/users',
      '#readUser">GET /v1/users/{id}',
      '#listUserContributions">GET /v1/users/{id}/contributions',
      '#readUserCalendar">GET /v1/users/{id}/calendar',
      '#readUserCard">GET /v1/users/{id}/card.svg',
      '#readUserBadge">GET /v1/users/{id}/badge.json',
    ])
  })

  it('has method and path of every operation in its table of contents', async () => {
    const [contents = ''] = (await page('/docs')).split('</nav><article>')
    for (const { path, method, operation } of operationsOf(await read('/openapi.json'))) {
      if (path.endsWith('.csv')) continue
      const [, entry = ''] = contents.split(linkTo(operation.operationId))
      expect(codeOf(entry.split('</a>')[0] ?? '')).toBe(
        `>${operation.summary}${method.toUpperCase()} ${path}`,
      )
    }
  })

  it('describes the fields of every type of message where the message is described, with messages to send', async () => {
    const html = await page('/docs')
    const { components } = await read('/openapi.json')
    const schemas: Json = components.schemas
    const named = (reference: Json): Json => schemas[reference.$ref.split('/').at(-1)]
    for (const option of schemas.Message.oneOf) {
      const { properties } = named(option)
      const type: string = properties.type.const
      const [, section = ''] = html.split(` id="message-${type.replace('.', '-')}"`)
      const own = section.split('<section ')[0] ?? ''
      const item = named(properties.data.anyOf[0])
      const fields = all(own, /<code class="property-name">([^<]+)</g)
      expect(fields, type).toEqual(expect.arrayContaining(Object.keys(item.properties)))
      if (item.properties.content) expect(fields, `the fields of content in ${type}`).toContain('id')
      expect(codeOf(own)).toContain(`"type": "${type}"`)
    }
  })

  it('has a chapter on authentication', async () => {
    const [, chapter = ''] = (await page('/docs')).split('<h2 id="authentication"')
    const text = codeOf(chapter.split('<h2 ')[0] ?? '')
    for (const header of ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'Authorization: Bearer'])
      expect(text).toContain(header)
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
    expect(pages.size).toBe(Object.keys(problems).length + 1 + Object.keys(guides).length)
    for (const path of pages) await page(path)
  })

  it('quotes addresses for the shell', async () => {
    const commands = codeIn(await page('/docs'), 'curl')
    expect(commands).toContain(
      `curl -sS 'https://your-perennial.example/v1/leaderboards/support-forum?window=all&around=42&limit=3'`,
    )
    expect(commands).toContain(
      `curl -sS 'https://your-perennial.example/v1/log?after=0&limit=2' -H "authorization: Bearer $ADMIN_TOKEN"`,
    )
  })
})

describe('/docs/:guide', () => {
  it.each(Object.keys(guides))('/docs/%s renders the guide, and all its links work', async (name) => {
    const html = await page(`/docs/${name}`)
    const ids = all(html, / id="([^"]+)"/g)
    expect(ids).toHaveLength(new Set(ids).size)
    expect(html).toContain(`<a href="/docs/${name}" aria-current="page">`)
    const links = all(html, / href="([^"]+)"/g)
    expect(links.filter((href) => href.startsWith('#') && !ids.includes(href.slice(1)))).toEqual([])
    for (const href of links.filter((each) => /^\/docs\/\w[^?]*#/.test(each))) {
      const [path = '', anchor = ''] = href.split('#')
      expect(await page(path), href).toContain(` id="${anchor}"`)
    }
    expect(links.filter((href) => !/^(?:#|\/|https:\/\/)/.test(href))).toEqual([])
  })

  it.each(Object.keys(guides))(
    '/docs/%s names each table after its section, and no two alike',
    async (name) => {
      const html = await page(`/docs/${name}`)
      const names = all(html, /<div class="scroll-x" tabindex="0" role="region" aria-label="([^"]+)"><table/g)
      expect(names).toHaveLength(html.split('<table').length - 1)
      expect(names).toHaveLength(new Set(names).size)
      const headings = all(html, /<h\d id="[^>]*>(.*?)(?:<a class="anchor"|<\/h\d>)/g).map(codeOf)
      for (const each of names) expect(headings).toContain(codeOf(each.replace(/, table \d+$/, '')))
    },
  )

  it('names the column in each cell, for screens that are too narrow for a table', async () => {
    const html = await page('/docs/definitions')
    const [, row = ''] = html.split(
      '<tr role="row"><td role="cell" data-column="field"><code>site.name</code>',
    )
    expect(row).toMatch(/^<\/td><td role="cell" data-column="what it is">the name in titles/)
  })

  it('shows code whole, and does not break names at their hyphens', async () => {
    for (const name of Object.keys(guides)) expect(await page(`/docs/${name}`)).not.toContain('is-long')
    expect(await page('/docs/contract')).toContain('<code><span class="word">webhook-timestamp</span></code>')
  })

  it('has curly apostrophes in texts, and straight ones in code', async () => {
    for (const name of Object.keys(guides)) {
      const texts = (await page(`/docs/${name}`)).replaceAll(/<(code|script)\b.*?<\/\1>|<[^>]*>/gs, '')
      expect(texts).not.toMatch(/'|&#39;|&#x27;/)
      expect(texts).toContain('’')
    }
    expect(await page('/docs/operating')).toContain('printf &#x27;WEBHOOK_SECRETS=')
  })

  it('returns 404 for another name', async () => {
    for (const name of ['architecture', 'constructor', 'sending.md']) {
      const response = await fetchApi(`/docs/${name}`, asBrowser)
      expect([name, response.status]).toEqual([name, 404])
      await response.body?.cancel()
    }
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

  /** The example response on the page of a problem. */
  const exampleOf = async (name: string): Promise<{ head: string; body: Json }> => {
    const [, code = ''] = (await page(`/problems/${name}`)).split('<h2>Example response</h2><pre><code>')
    const [head = '', body = ''] = codeOf(code.split('</code>')[0] ?? '').split('\n\n')
    return { head, body: JSON.parse(body) }
  }

  it.each(Object.entries(problems))(
    '/problems/%s has an example with what it tells about',
    async (name, problem) => {
      const { head, body } = await exampleOf(name)
      expect(problemSchema.parse(body)).toMatchObject({ type: `/problems/${name}`, status: problem.status })
      expect(head).toMatch(
        new RegExp(`^HTTP status ${problem.status}\ncontent-type: application/problem\\+json\n`),
      )
      for (const [told, has] of [
        ['`errors`', 'errors' in body],
        ['`Retry-After`', head.includes('\nretry-after: ')],
        ['`Allow`', head.includes('\nallow: ')],
      ] as const)
        if (problem.remedy.includes(told)) expect([told, has]).toEqual([told, true])
    },
  )

  it.each([
    ['not-found', '/v1/users/007'],
    ['invalid-parameter', '/v1/leaderboards/overall?window=90'],
    ['unauthorized', '/v1/log'],
  ])('the example of /problems/%s is the answer of %s', async (name, path) => {
    const { head, body } = await exampleOf(name)
    const response = await fetchApi(path)
    expect(await response.json()).toEqual(body)
    const headers = head
      .split('\n')
      .slice(1)
      .map((line) => line.split(': '))
    for (const [header = '', value] of headers) expect(response.headers.get(header)).toBe(value)
  })

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
