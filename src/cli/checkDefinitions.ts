import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDefinitions } from '../definitions/parseDefinitions.ts'
import { projectDirectory } from './platform/wrangler.ts'

/*
 * Ends the process, with a sentence for each issue, unless definitions.json is valid. The build and every command import
 * this before anything that uses the definitions.
 */

const issuesIn = (text: string): string[] => {
  try {
    return parseDefinitions(JSON.parse(text)).issues.map(({ pointer, detail }) =>
      `${pointer} ${detail}`.trim(),
    )
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
