import { beforeEach, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, fetchApi, send } from '../support/site.ts'

beforeEach(async () => {
  await freshLog()
  setClock(noon)
})

const hostile = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  `"'><b onclick=alert(1)>`,
  '<!--<script>',
  ']]><x/>&lt;i&gt;\u2028',
]

it('pages show the username, or the ID, in place of a name that is blank', async () => {
  await send('contribution.created', [
    aContribution({ user: { id: 80, display_name: '\u3164\u2800', username: '\u115f' } }),
    aContribution({ user: { id: 81, display_name: '\u200b', username: 'ana' } }),
  ])
  const board = await (await fetchApi('/?board=support-forum&window=all')).text()
  const links = [...board.matchAll(/<a class="person-name" href="([^"]+)">(.*?)<\/a>/g)]
  expect(links.map(([, href, name = '']) => [href, name.replaceAll(/<[^>]*>/g, '')])).toEqual([
    ['/users/80', 'Contributor 80'],
    ['/users/81', 'ana'],
  ])
  for (const [id, name] of [
    [80, 'Contributor 80'],
    [81, 'ana'],
  ]) {
    const page = await (await fetchApi(`/users/${id}`)).text()
    const main = page.slice(page.indexOf('<main'), page.indexOf('<script id="props"'))
    expect(page).toContain(`<title>${name} · Perennial</title>`)
    expect(page).toContain(`<h1><bdi class="name" title="${name}">${name}</bdi></h1>`)
    expect(page).toContain(`<p class="soft"><span class="whole">ID ${id}`)
    expect(main).not.toMatch(/[\u115f\u200b\u2800\u3164]/)
    const found = await (await fetchApi(`/?search=${id}&board=kb`)).text()
    expect(found).toContain(`<a href="/users/${id}"><bdi class="name" title="${name}">${name}</bdi></a>`)
  }
})

it('pages in German name a user without a name in German', async () => {
  await send('contribution.created', aContribution({ user: { id: 1080 } }))
  for (const path of ['/?board=support-forum', '/users/1080', '/?search=1080&board=kb']) {
    const page = await (await fetchApi(path, { headers: { 'accept-language': 'de' } })).text()
    expect(page).toContain('<bdi class="name" title="Person 1080">Person 1080</bdi>')
    expect(page).not.toContain('Contributor 1080')
  }
})

it('a list names a content without a title by its ID, and by its type only if that is not the type of the row', async () => {
  const answer = {
    content: { type: 'questions.answer', id: '5' },
    parent: { type: 'questions.question', id: '6' },
  }
  const revision = { content: { type: 'wiki.revision', id: '7' }, parent: { type: 'wiki.document', id: '8' } }
  await send('contribution.created', [
    aContribution({ type: 'answer', ...answer }),
    aContribution({ type: 'solution', ...answer }),
    aContribution({ type: 'kb_edit', ...revision }),
  ])
  const listIn = async (language: string): Promise<string[]> => {
    const page = await (await fetchApi(`/users/1?lang=${language}`)).text()
    const cells = page.matchAll(/<td>([^<]*)<\/td><td class="content">(.*?)<\/td>/g)
    return [...cells].map(([, type = '', content = '']) =>
      `${type}: ${content.replaceAll(/<[^>]*>/g, ' ')}`.replaceAll(/\s+/g, ' ').trim(),
    )
  }
  expect(await listIn('en')).toEqual([
    'article edit: ID 7 in document 8',
    'solution: answer 5 in question 6',
    'answer: ID 5 in question 6',
  ])
  expect(await listIn('de')).toEqual([
    'Artikelbearbeitung: ID 7 in document 8',
    'Lösung: Antwort 5 in Frage 6',
    'Antwort: ID 5 in Frage 6',
  ])
})

it('pages escape a username in their HTML and in the props of their script', async () => {
  const data = hostile.map((username, index) => aContribution({ user: { id: index + 1, username } }))
  await send('contribution.created', data, noon)
  const html = await (await fetchApi('/?board=support-forum')).text()
  const [markup = '', props = ''] = html.split('<script id="props" type="application/json">')
  const json = props.slice(0, props.indexOf('</script>'))
  const board: { entries: { user: { username: string } }[] } = JSON.parse(json).board.board
  expect(board.entries.map(({ user }) => user.username)).toEqual(hostile)
  expect(json).not.toContain('<')
  for (const name of ['</script><script>', '<img', '<b onclick', '<!--', '<x/>']) {
    expect(markup).not.toContain(name)
  }
  expect(markup).toContain('&lt;img src=x onerror=alert(1)')
})
