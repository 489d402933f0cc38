import { beforeEach, expect, it } from 'vitest'
import { noon, setClock } from '../support/clock.ts'
import { freshLog } from '../support/freshLog.ts'
import { aContribution, ask, send } from '../support/site.ts'

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

it("a user's name is text on a page, whatever is in it, and in the facts that its script reads", async () => {
  const data = hostile.map((username, index) => aContribution({ user: { id: index + 1, username } }))
  await send('contribution.created', data, noon)
  const html = await (await ask('/?board=support-forum')).text()
  const [markup = '', facts = ''] = html.split('<script id="facts" type="application/json">')
  const json = facts.slice(0, facts.indexOf('</script>'))
  const board: { entries: { user: { username: string } }[] } = JSON.parse(json).board.board
  expect(board.entries.map(({ user }) => user.username)).toEqual(hostile)
  expect(json).not.toContain('<')
  for (const name of ['</script><script>', '<img', '<b onclick', '<!--', '<x/>']) {
    expect(markup).not.toContain(name)
  }
  expect(markup).toContain('&lt;img src=x onerror=alert(1)')
})
