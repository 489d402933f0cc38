import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectDirectory } from '../../src/cli/platform/wrangler.ts'

const textOf = (path: string): string => readFileSync(join(projectDirectory, path), 'utf8')

/** The titles of the tests in a file, without the case of a test that has several: its placeholder, in parentheses at the end. */
const testsOf = (path: string): string[] =>
  [...textOf(path).matchAll(/^ *it(?:\.each\([^\n]*\))?\(\s*(['"`])(.+?)\1,/gm)].map(([, , name]) =>
    (name ?? '').replace(/ \([^()]*%s\)$/, ''),
  )

/** The last cell of each row: a file and the title of a test in it. */
const listed = [...textOf('docs/operating.md').matchAll(/\| `(test\/\S+\.test\.ts)` (.+) \|$/gm)].map(
  ([, path = '', name = '']) => ({ path, name }),
)

it('every row of the table of faults names an existing test, without placeholders', () => {
  expect(listed.length).toBeGreaterThan(20)
  for (const { path, name } of listed) {
    expect(testsOf(path), path).toContain(name)
    expect(name).not.toMatch(/%s|\$\{/)
  }
})

it('every test in test/faults has a row in the table of faults', () => {
  const files = readdirSync(join(projectDirectory, 'test/faults')).map((name) => `test/faults/${name}`)
  for (const path of [...files, 'test/audit/outage.test.ts', 'test/system/killAtEveryStep.test.ts']) {
    const names = testsOf(path)
    expect(names, path).not.toEqual([])
    expect(
      listed
        .filter((row) => row.path === path)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names.sort())
  }
})
