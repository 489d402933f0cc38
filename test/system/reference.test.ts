import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type Server } from './support/server.ts'
import { secrets } from './support/site.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server.close()
})

const run = promisify(execFile)

/** How each language's samples are run: the program, and what comes before the sample. */
const interpreters = {
  curl: ['bash', '-euo', 'pipefail', '-c'],
  javascript: [process.execPath, '--input-type=module', '--eval'],
  python: ['python3', '-c'],
} as const
type Language = keyof typeof interpreters

/** Runs a sample from the page, like a reader who copied it. */
const runSample = async (language: Language, text: string): Promise<string> => {
  const [program, ...options] = interpreters[language]
  const { stdout } = await run(program, [...options, text], { env: { ...process.env, ...secrets } })
  return stdout
}

/** Replaces the placeholder with the address of this site, as the page's script does in a browser. */
const placed = (text: string): string => text.replaceAll('https://your-perennial.example', server.url)

/** The text of highlighted code. */
const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')

const samplesIn = async (language: Language): Promise<string[]> => {
  const html = await (await fetch(`${server.url}/docs`)).text()
  const blocks = html.matchAll(
    new RegExp(`<div class="sample sample-${language}"><div[^>]*><pre><code>(.*?)</code></pre>`, 'gs'),
  )
  return [...blocks].map(([, code = '']) => placed(textOf(code)))
}

it.each(['curl', 'javascript', 'python'] as const)(
  'the samples for %s on the reference page work when they are copied',
  async (language) => {
    const samples = await samplesIn(language)
    expect(samples.length).toBeGreaterThanOrEqual(30)
    // The page describes messages before reads, so that each read finds what its answer shows.
    for (const sample of samples) {
      const output = await runSample(language, sample)
      expect(output, sample).not.toBe('')
      // A problem begins with its type.
      expect(output.slice(0, 40), sample).not.toContain('/problems/')
    }
  },
)
