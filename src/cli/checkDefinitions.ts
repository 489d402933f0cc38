import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logoIssue } from '../definitions/logo.ts'
import { parseDefinitions } from '../definitions/parseDefinitions.ts'
import type { Definitions } from '../definitions/schema.ts'
import { projectDirectory } from './platform/wrangler.ts'

/*
 * Exits the process with a line for each issue if definitions.json is invalid. The build and every command import this
 * before anything that uses the definitions.
 */

/** Issues with the file that `site.logo` names. */
const logoIssuesOf = ({ site: { logo } }: Definitions): string[] => {
  if (logo === undefined) return []
  const path = join(projectDirectory, 'public', logo)
  const detail = existsSync(path) ? logoIssue(readFileSync(path, 'utf8')) : 'public/ has no such file'
  return detail === undefined ? [] : [`/site/logo Cannot use "${logo}": ${detail}`]
}

const issuesIn = (text: string): string[] => {
  try {
    const { definitions, issues } = parseDefinitions(JSON.parse(text))
    return definitions
      ? logoIssuesOf(definitions)
      : issues.map(({ pointer, detail }) => `${pointer} ${detail}`.trim())
  } catch (error) {
    if (error instanceof SyntaxError) return [`Not JSON: ${error.message}`]
    throw error
  }
}

const issues = issuesIn(readFileSync(join(projectDirectory, 'definitions.json'), 'utf8'))
if (issues.length > 0) {
  for (const issue of issues) console.error(`definitions.json: ${issue}`)
  process.exit(1)
}
