import { CommandFailure } from '../command.ts'

/** What is often given in place of lines of JSON in UTF-8: how it begins (as Latin-1), what it is, and how to convert it. */
const formats: readonly [beginning: string | RegExp, what: string, convert: string][] = [
  [
    /^(?:\u00ff\u00fe|\u00fe\u00ff|[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/,
    'is in UTF-16, not UTF-8',
    'iconv -f UTF-16 -t UTF-8',
  ],
  ['\u001F\u008B', 'is compressed twice', 'gzip -dc'],
  ['PK\u0003\u0004', 'is a ZIP archive', 'unzip -p'],
  ['BZh', 'is compressed by bzip2', 'bzip2 -dc'],
  ['\u00FD7zXZ', 'is compressed by xz', 'xz -dc'],
  ['(\u00B5/\u00FD', 'is compressed by zstd', 'zstd -dc'],
  [/^(?:\u00ef\u00bb\u00bf)?\s*\[/, 'holds a JSON array, not one JSON object a line', "jq -c '.[]'"],
  [
    /^(?:\u00ef\u00bb\u00bf)?\s*\{[ \t]*\r?\n/,
    'spreads a JSON object over several lines: one must be on one line',
    'jq -c .',
  ],
]

const shownBytes = 4096

/** Throws a CommandFailure when the first bytes of a file show that it does not hold lines of JSON. */
export const refuseOtherFormats = (name: string, first: Buffer): void => {
  const beginning = first.toString('latin1', 0, shownBytes)
  const format = formats.find(([known]) =>
    typeof known === 'string' ? beginning.startsWith(known) : known.test(beginning),
  )
  if (format === undefined) return
  const [, what, convert] = format
  throw new CommandFailure(`${name} ${what}. Convert it first, for example with: ${convert}`)
}
