import { unstable_splitSqlQuery as splitAsWrangler } from 'wrangler'

/** Splits SQL into statements, without blank ones. */
export type Split = (sql: string) => string[]

/** The tokens of a splitter: comments, quoted text, words and single characters. */
const tokens = (sql: string, knowsComments: boolean): string[] =>
  sql.match(
    knowsComments
      ? /--[^\n]*|'[^']*'?|"[^"]*"?|[a-z_]+|[^]/gi // oxlint-disable-line no-empty-character-class
      : /'[^']*'?|"[^"]*"?|[a-z_]+|[^]/gi, // oxlint-disable-line no-empty-character-class
  ) ?? []

/** Splits at semicolons outside of quotes and of BEGIN … END or CASE … END. */
const splitByTokens = (sql: string, knowsComments: boolean): string[] => {
  const statements: string[] = []
  let statement = ''
  let depth = 0
  for (const token of tokens(sql, knowsComments)) {
    statement += token
    if (/^(?:begin|case)$/i.test(token)) depth += 1
    if (/^end$/i.test(token)) depth -= 1
    if (token !== ';' || depth !== 0) continue
    statements.push(statement)
    statement = ''
  }
  return [...statements, statement].filter((each) => each.replaceAll(/--[^\n]*/g, '').trim() !== '')
}

/** Ways of splitting a migration into statements. It is not documented which of them D1 uses in production. */
export const splitters: Record<string, Split> = {
  'a splitter that knows comments': (sql) => splitByTokens(sql, true),
  'a splitter that takes comments for SQL': (sql) => splitByTokens(sql, false),
  'the splitter of wrangler, by the rules of sqlite3_complete': splitAsWrangler,
}
