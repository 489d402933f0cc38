import { contributionTypes } from '../../../src/definitions/definitions.ts'
import { aMessage, deliver } from '../../system/support/site.ts'

const day = 86_400_000

/** Names with script, markup and formulas. Each must appear as text wherever it is shown. */
export const hostileNames = [
  `<script>document.title = 'run'</script>`,
  `"><img src=x onerror="document.title='run'">`,
  `=HYPERLINK("https://elsewhere.example")`,
]

/** The users with the hostile names: as username, as display name, and as both. */
export const hostileUsers = [901, 902, 903]

const names = [
  'ana',
  'Björn',
  'دانا الحسن',
  '山田 花子',
  'Ольга',
  'नेहा',
  'O’Neill',
  '👩‍👩‍👧 family',
  'mwangi',
  'zoë',
]

const usernameOf = (id: number): string => `${names[id % names.length]}-${id}`

/** How many users the community has, from ID 1. */
export const people = 60

/** User 1 has the most contributions, and each next user has a few less. */
const contributionsOf = (id: number, now: number): object[] =>
  Array.from({ length: 3 + 4 * (people - id) }, (_, index) => {
    const type = contributionTypes[(id + index) % contributionTypes.length] ?? 'answer'
    return {
      type,
      user: { id, username: usernameOf(id) },
      occurred_at: new Date(now - ((index * 37 + id * 11) % 420) * day - index * 1000).toISOString(),
      content: { type: `demo.${type}`, id: `${id}-${index}` },
      parent: { type: 'demo.thread', id: `${id % 7}-${index}` },
      locale: index % 5 === 0 ? 'de' : 'en-US',
      product: index % 3 === 0 ? 'thunderbird' : 'firefox',
    }
  })

/** Sends the contributions of a small community as signed webhooks. */
export const sendCommunity = async (url: string): Promise<void> => {
  const now = Date.now() - day
  const contributions = Array.from({ length: people }, (_, index) => contributionsOf(index + 1, now)).flat()
  const hostile = hostileUsers.map((id, index) => ({
    type: 'answer',
    user: {
      id,
      ...(index === 1 ? {} : { username: hostileNames[index] }),
      ...(index === 0 ? {} : { display_name: hostileNames[index] }),
    },
    occurred_at: new Date(now).toISOString(),
    content: { type: 'demo.answer', id: `hostile-${id}` },
  }))
  const all = [...contributions, ...hostile]
  for (let from = 0; from < all.length; from += 1000)
    await deliver(url, aMessage('contribution.created', all.slice(from, from + 1000)))
}
