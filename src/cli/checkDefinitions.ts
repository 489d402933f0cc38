// oxlint-disable-next-line import/no-unassigned-import -- it is to start the cache before other modules load
import './compileCache.ts'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logoIssue } from '../definitions/logo.ts'
import { parseDefinitions } from '../definitions/parseDefinitions.ts'
import type { Definitions } from '../definitions/schema.ts'
import { projectDirectory } from './platform/wrangler.ts'

/*
 * Exits the process with a line for each issue if definitions.json is missing or invalid. The scripts in package.json
 * run this with `--import`, before Node loads the modules of a command. Those import the file, so Node would reject a
 * file that is missing or not JSON with a stack. What is imported here must not import it. The build imports this as
 * well, because Vitest runs the build by itself.
 */

/** Issues with the file that `site.logo` names. */
const logoIssuesOf = ({ site: { logo } }: Definitions): string[] => {
  if (logo === undefined) return []
  const path = join(projectDirectory, 'public', logo)
  const detail = existsSync(path) ? logoIssue(readFileSync(path, 'utf8')) : 'public/ has no such file'
  return detail === undefined ? [] : [`/site/logo Cannot use "${logo}": ${detail}`]
}

const readIssues = (): string[] => {
  const path = join(projectDirectory, 'definitions.json')
  if (!existsSync(path)) return ['No such file: docs/definitions.md says how to write one']
  try {
    const { definitions, issues } = parseDefinitions(JSON.parse(readFileSync(path, 'utf8')))
    return definitions
      ? logoIssuesOf(definitions)
      : issues.map(({ pointer, detail }) => `${pointer} ${detail}`.trim())
  } catch (error) {
    if (error instanceof SyntaxError) return [`Not JSON: ${error.message}`]
    throw error
  }
}

const issues = readIssues()
if (issues.length > 0) {
  for (const issue of issues) console.error(`definitions.json: ${issue}`)
  process.exit(1)
}
