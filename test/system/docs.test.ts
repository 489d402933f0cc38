import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'

const textOf = (path: string): string => readFileSync(join(projectDirectory, path), 'utf8')

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(projectDirectory, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

const { scripts }: { scripts: Record<string, string> } = JSON.parse(textOf('package.json'))

const all = (text: string, pattern: RegExp): string[][] =>
  [...text.matchAll(pattern)].map((found) => [...found])

/** The anchor that GitHub gives to a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')

const anchorsIn = (path: string): string[] =>
  all(textOf(path), /^#+ (.+)$/gm).map(([, heading = '']) => anchorOf(heading))

/** Whether a file has a test or a group of tests with this name, or with this name and a case in parentheses. */
const hasTest = (path: string, name: string): boolean =>
  [`'${name}'`, `"${name}"`, `\`${name}\``].some((literal) =>
    all(textOf(path), /\(\s*(['"`])(?:(?!\1).)*\1,/g).some(([call = '']) =>
      call.replace(/ \([^()]*%s\)(?=['"`],$)/, '').endsWith(`${literal},`),
    ),
  )

describe.each(pages)('%s', (page) => {
  const text = textOf(page)

  it('has no broken links', () => {
    for (const [, target = '', anchor] of all(text, /\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const path = target === '' ? page : join(dirname(page), target)
      expect(existsSync(join(projectDirectory, path)), `${target} is not there`).toBe(true)
      if (anchor !== undefined) expect(anchorsIn(path), target).toContain(anchor)
    }
  })

  it('names only existing test files and, in tables, existing tests', () => {
    for (const [, path = ''] of all(text, /`(test\/[^`\s]*\.test\.ts)`/g)) {
      expect(existsSync(join(projectDirectory, path)), `${path} is not there`).toBe(true)
    }
    for (const [row] of all(text, /^\|.*\|$/gm)) {
      for (const [, path = '', name = ''] of all(
        row ?? '',
        /`(test\/[^`\s]*\.test\.ts)` ?(.*?) ?(?=\||<br>)/g,
      )) {
        expect(hasTest(path, name), `${path} has no test "${name}"`).toBe(true)
      }
    }
  })

  it('names only existing files and folders of the project', () => {
    for (const [, path = ''] of all(text, /`((?:src|demo|bench|docs|examples|test\/support)\/[\w./-]*)`/g)) {
      expect(existsSync(join(projectDirectory, path)), `${path} is not there`).toBe(true)
    }
  })

  it('names only existing npm scripts', () => {
    for (const [, name = ''] of all(text, /npm run (?:--silent )?([a-z:-]+)/g)) {
      expect(Object.keys(scripts), `npm run ${name}`).toContain(name)
    }
  })
})

it('every threat in docs/threats.md names a test', () => {
  const [, table = ''] = textOf('docs/threats.md').split('| threat | what stops it | test |\n')
  const rows = table.split('\n\n')[0]?.split('\n').slice(1) ?? []
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) expect(row).toMatch(/\| `test\/\S+\.test\.ts` .+ \|$/)
})

it('every package has one exact version, and is installed as the lock file says', () => {
  const { dependencies, devDependencies } = JSON.parse(textOf('package.json'))
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/)
    const installed: { version: string } = JSON.parse(textOf(`node_modules/${name}/package.json`))
    expect(installed.version, name).toBe(version)
  }
})

it('bench/RESULTS.md shows only results that meet their goals', () => {
  const goals = all(textOf('bench/RESULTS.md'), /: ([\d.]+) \(goal: at most ([\d.]+)\)/g)
  expect(goals).toHaveLength(2)
  for (const [, measured, goal] of goals) expect(Number(measured)).toBeLessThanOrEqual(Number(goal))
})
