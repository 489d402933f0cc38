import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type Server } from './support/server.ts'
import { aMessage, deliver, secrets } from './support/site.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.close()
})

const run = promisify(execFile)

/** Runs a text from the page in a shell, like a reader who copied it. */
const inShell = async (text: string): Promise<string> => {
  const env = { ...process.env, ...secrets }
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', text], { env })
  return stdout
}

/** Replaces the placeholder with the address of this site, as the page's script does in a browser. */
const placed = (text: string): string => text.replaceAll('https://your-perennial.example', server.url)

const unescape = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** The texts to copy: scripts, and the bodies of messages. */
const textsToCopy = async (): Promise<string[]> => {
  const html = await (await fetch(`${server.url}/docs`)).text()
  const blocks = html.matchAll(/<div class="code">.*?<pre><code>([^<]*)<\/code>/g)
  return [...blocks].map(([, text = '']) => placed(unescape(text)))
}

it('the commands on the reference page work when they are copied', async () => {
  const texts = await textsToCopy()
  const sending = texts.find((text) => text.startsWith('body=')) ?? ''
  expect(JSON.parse(await inShell(sending))).toMatchObject({ recorded: 1 })
  const messages = texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text))
  for (const { type, data, timestamp } of messages) await deliver(server.url, aMessage(type, data, timestamp))
  const reads = texts.filter((text) => text.startsWith('curl'))
  expect(reads.length).toBeGreaterThanOrEqual(15)
  for (const read of reads) expect(await inShell(`${read} --fail`), read).not.toBe('')
})
