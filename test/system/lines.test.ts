import { execFileSync } from 'node:child_process'
import fs, {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { makePlan } from '../../src/cli/backfill/plan.ts'
import { typesAffectedBy, parseLine } from '../../src/cli/backfill/parseLine.ts'
import { Repeats } from '../../src/cli/backfill/repeats.ts'
import { CommandFailure, CommandMisuse } from '../../src/cli/command.ts'
import { startProgress } from '../../src/cli/console/progress.ts'
import { openOutput, writeLines } from '../../src/cli/export/output.ts'
import { callerPath } from '../../src/cli/lines/files.ts'
import { openInput, readLines } from '../../src/cli/lines/input.ts'
import { InvalidLines } from '../../src/cli/lines/invalidLines.ts'
import { hasDatabase } from '../../src/cli/platform/databaseOptions.ts'
import type { Contribution } from '../../src/contributions/contribution.ts'
import { contributionTypes } from '../../src/definitions/definitions.ts'
import { scratchDirectory } from './support/processes.ts'

import * as fc from 'fast-check'

vi.mock(import('../../src/cli/console/progress.ts'), { spy: true })

let directory: string

beforeAll(async () => {
  directory = await scratchDirectory()
  vi.stubEnv('INIT_CWD', directory)
  mkdirSync(join(directory, 'folder'))
})

afterEach(() => {
  vi.stubEnv('INIT_CWD', directory)
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(directory, name), content)
  return name
}

const linesIn = async (name: string): Promise<(string | undefined)[]> => {
  const lines = await Array.fromAsync(readLines(await openInput(name)))
  return lines.flat().map(({ text }) => text?.toString())
}

/** Why something was refused; undefined when it was not. */
const refusal = async (action: Promise<unknown>): Promise<string | undefined> =>
  await action.then(
    () => undefined,
    (error: unknown) =>
      error instanceof CommandFailure ? error.message : `no CommandFailure: ${String(error)}`,
  )

const utf16 = (text: string, littleEndian: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le')
  return littleEndian ? bytes : bytes.swap16()
}

const nothing = 'has no lines. Check the program that writes it'
const inUtf16 = 'is in UTF-16, not UTF-8. Convert it first, for example with: iconv -f UTF-16 -t UTF-8'
const csv =
  'is CSV, not one JSON object per line. Convert it first, for example with: mlr --icsv --ojsonl cat'
const array = "is a JSON array, not one JSON object per line. Convert it first, for example with: jq -c '.[]'"
const pretty =
  'spreads a JSON object over several lines, not one object per line. Convert it first, for example with: jq -c .'

it.for([
  ['an empty file', '', nothing],
  ['blank lines only', ' \n\r\n\t\n', nothing],
  ['a byte order mark only', '\u{FEFF}', nothing],
  ['an empty gzip', gzipSync(''), nothing],
  ['two empty gzip members', Buffer.concat([gzipSync(''), gzipSync('\n')]), nothing],
  ['UTF-16 with a byte order mark', utf16('\u{FEFF}{"type":1}\n', true), inUtf16],
  ['big-endian UTF-16 with a byte order mark', utf16('\u{FEFF}{"type":1}\n', false), inUtf16],
  ['UTF-16', utf16('{"type":1}\n', true), inUtf16],
  ['big-endian UTF-16', utf16('{"type":1}\n', false), inUtf16],
  ['UTF-16 in gzip', gzipSync(utf16('{"type":1}\n', true)), inUtf16],
  [
    'gzip in gzip',
    gzipSync(gzipSync('{}\n')),
    'is compressed twice. Convert it first, for example with: gzip -dc',
  ],
  ['a ZIP archive', 'PK\u0003\u0004…', 'is a ZIP archive. Convert it first, for example with: unzip -p'],
  ['bzip2', 'BZh91AY', 'is compressed with bzip2. Convert it first, for example with: bzip2 -dc'],
  [
    'xz',
    Buffer.from('fd377a585a000004', 'hex'),
    'is compressed with xz. Convert it first, for example with: xz -dc',
  ],
  ['zstd', zstdCompressSync('{}\n'), 'is compressed with zstd. Convert it first, for example with: zstd -dc'],
  ['a JSON array', '[{"type":"answer"},{"type":"answer"}]', array],
  ['a JSON array longer than a line may be', `[${'{"type":"answer"},'.repeat(70_000)}{}]`, array],
  ['an indented JSON array', '\u{FEFF}\n[\n  {\n    "type": "answer"', array],
  ['an indented JSON object', '{\r\n  "type": "answer"\r\n}\r\n', pretty],
  [
    'lines that end in CR',
    '{"type":"answer"}\r{"type":"answer"}\r',
    String.raw`ends its lines with CR, not LF. Convert it first, for example with: tr '\r' '\n'`,
  ],
  ['CSV', 'user_id,type,count\r\n1,answer,2\r\n', csv],
  ['CSV with quoted names', '\u{FEFF}"user_id";"count"\n1;2\n', csv],
] as [string, string | Buffer, string][])(
  'rejects %s with a message that says what to do',
  async ([, content, sentence]) => {
    expect(await refusal(linesIn(write('given', content)))).toBe(`given ${sentence}`)
  },
)

it('skips the lines that npm prints before the output of a command, but no others', async () => {
  const npm = '\n> perennial@0.1.0 export\n> node src/cli/export.ts\n\n'
  const numbers = async (): Promise<number[]> =>
    (await Array.fromAsync(readLines(await openInput('given')))).flat().map(({ number }) => number)
  write('given', `${npm}{}\n> node\n`)
  expect(await numbers()).toEqual([5, 6])
  write('given', '> another line\n{}\n')
  expect(await numbers()).toEqual([1, 2])
})

const truncated = 'Cannot read given: the gzip data is truncated. Get the complete file and run again'
const damaged =
  'Cannot read given: the gzip data is damaged or followed by other data. Get the file again, or compress it again'
const member = gzipSync('{"a":1}\n')

it.for([
  ['is truncated', member.subarray(0, -4), truncated],
  ['has a truncated second member', Buffer.concat([member, member.subarray(0, -10)]), truncated],
  ['is followed by a plain line', Buffer.concat([member, Buffer.from('{"a":2}\n')]), damaged],
  [
    'is followed by zeros and a plain line',
    Buffer.concat([member, Buffer.alloc(9), Buffer.from('{}\n')]),
    damaged,
  ],
  ['has a wrong checksum', Buffer.concat([member.subarray(0, -8), Buffer.alloc(8, 1)]), damaged],
] as [string, Buffer, string][])('rejects a gzip file that %s', async ([, content, sentence]) => {
  expect(await refusal(linesIn(write('given', content)))).toBe(sentence)
})

it('reads every member of a gzip file, with any number of zeros between them', async () => {
  const members = fc.array(fc.tuple(fc.array(fc.integer({ min: 0 })), fc.nat({ max: 600 })), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(members, async (parts) => {
      const numbers = [7, ...parts.flatMap(([values]) => values)]
      const first = gzipSync('7\n')
      const rest = parts.flatMap(([values, zeros]) => [
        Buffer.alloc(zeros),
        gzipSync(values.map((value) => `${value}\n`).join('')),
      ])
      const file = write('members', Buffer.concat([first, ...rest, Buffer.alloc(parts.length - 1)]))
      expect(await linesIn(file)).toEqual(numbers.map(String))
    }),
    { numRuns: 50 },
  )
})

it('reads a large gzip file of 300 members', async () => {
  const text = Array.from({ length: 30_000 }, (_, index) => `{"n":${(index * 7919) % 100_003}}`)
  const members = Array.from({ length: 300 }, (_, index) =>
    gzipSync(`${text.slice(100 * index, 100 * index + 100).join('\n')}\n`),
  )
  expect(await linesIn(write('many', Buffer.concat(members)))).toEqual(text)
})

it.for([
  ['that does not exist', 'nope.ndjson', 'No such file: nope.ndjson'],
  ['that is a folder', 'folder', 'folder is a folder: give a file'],
  ['inside a file', 'given/inside', 'No such file: given/inside'],
] as [string, string, string][])('does not read a file %s', async ([, name, sentence]) => {
  write('given', '{}')
  expect(await refusal(openInput(name))).toBe(sentence)
})

it('explains that temporary files cannot be written', async () => {
  const nowhere = join(directory, 'nowhere')
  vi.stubEnv('TMPDIR', nowhere)
  const sentence = `Cannot write temporary files in ${nowhere}: no such folder. Free some space or set TMPDIR to another folder, then run again`
  expect(await refusal(openInput('/dev/null'))).toBe(sentence)
  expect(() => new Repeats()).toThrow(new CommandFailure(sentence))
  vi.stubEnv('TMPDIR', undefined)
})

it('ends its progress when the check of a file cannot begin', async () => {
  writeFileSync(join(directory, 'notes.txt'), 'not a file of errors')
  writeFileSync(join(directory, 'valid.ndjson'), '{}')
  const end = vi.fn<() => void>()
  vi.mocked(startProgress).mockReturnValueOnce({ advance: () => undefined, say: () => undefined, end })
  const input = await openInput('valid.ndjson')
  const planInput = {
    db: undefined,
    input,
    systemUsers: new Set<number>(),
    now: Date.now(),
    stop: new AbortController().signal,
  }
  await expect(makePlan(planInput, 'notes.txt')).rejects.toThrow('notes.txt')
  expect(end).toHaveBeenCalledOnce()
})

it('does not take a directory that cannot be read for one without a database', async () => {
  symlinkSync('v3', join(directory, 'v3'))
  expect(await refusal(hasDatabase({ persistTo: directory }))).toMatch(/^Cannot read .*ELOOP/)
  expect(await hasDatabase({ persistTo: join(directory, 'nowhere') })).toBe(false)
})

/** Contributions of few identities, whose other fields often agree. */
const contribution: fc.Arbitrary<Contribution> = fc.record({
  type: fc.constantFrom('answer', 'solution'),
  userId: fc.integer({ min: 1, max: 2 }),
  occurredAt: fc.constantFrom(Date.UTC(2020, 0, 1), Date.UTC(2021, 0, 1)),
  content: fc.record({ type: fc.constantFrom('a', 'b'), id: fc.constantFrom('1', '01', '1.0', 'b 1') }),
  parent: fc.option(fc.record({ type: fc.constant('q'), id: fc.constantFrom('7', '07') })),
  locale: fc.constantFrom('', 'de'),
  product: fc.constant('firefox'),
  self: fc.boolean(),
})

it('finds every repeat in a file, its first line, and whether both have the same facts', () => {
  fc.assert(
    fc.property(fc.array(contribution, { maxLength: 160, size: 'max' }), (contributions) => {
      const repeats = new Repeats()
      const first = new Map<string, number>()
      const expected = contributions.flatMap((each, index) => {
        // A message of two items: both are on one line.
        repeats.add(each, index >> 1)
        const { type, content, occurredAt } = each
        const identity = JSON.stringify([type, content])
        const earlier = first.get(identity)
        if (earlier === undefined) {
          first.set(identity, index)
          return []
        }
        const same = JSON.stringify(each) === JSON.stringify(contributions[earlier])
        const described = { type, content, occurredAt }
        return [{ contribution: described, line: index >> 1, firstLine: earlier >> 1, same }]
      })
      try {
        expect([...repeats.find()]).toEqual(expected)
      } finally {
        repeats.close()
      }
    }),
  )
})

/** A named pipe. */
const pipe = (name: string): string => {
  execFileSync('mkfifo', [join(directory, name)])
  return name
}

it('reads a pipe repeatedly, gzip too, and keeps no file of it', async () => {
  vi.stubEnv('TMPDIR', join(directory, 'folder'))
  for (const [name, content] of [
    ['plain', Buffer.from('{"a":1}\n')],
    ['gzip', Buffer.concat([member, Buffer.alloc(9), member])],
  ] as const) {
    const written = writeFile(join(directory, pipe(name)), content)
    const input = await openInput(name)
    await written
    expect(readdirSync(join(directory, 'folder'))).toEqual([])
    const readOnce = async () =>
      (await Array.fromAsync(readLines(input))).flat().map(({ text }) => text?.toString())
    const expected = name === 'gzip' ? ['{"a":1}', '{"a":1}'] : ['{"a":1}']
    expect([await readOnce(), await readOnce()]).toEqual([expected, expected])
    input.remove()
  }
  vi.stubEnv('TMPDIR', undefined)
})

it('blames the temporary files, not the input, when their disk is full', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  const writing = vi.spyOn(fs, 'write').mockImplementation((...given: unknown[]) => {
    const done = given.at(-1) as (error: Error) => void
    done(full)
  })
  const written = writeFile(join(directory, pipe('unwritten')), '{}\n')
  expect(await refusal(openInput('unwritten'))).toBe(
    `Cannot write temporary files in ${tmpdir()}: the disk is full. Free some space or set TMPDIR to another folder, then run again`,
  )
  writing.mockRestore()
  await written
})

it('resolves a relative path against the directory in which npm was called', () => {
  expect(callerPath('lines.ndjson')).toBe(join(directory, 'lines.ndjson'))
  expect(callerPath('/elsewhere/lines.ndjson')).toBe('/elsewhere/lines.ndjson')
  vi.stubEnv('INIT_CWD', undefined)
  expect(callerPath('lines.ndjson')).toBe(join(process.cwd(), 'lines.ndjson'))
})

const aLine = (text: string | Buffer | undefined) => ({
  number: 1,
  text: text === undefined ? undefined : Buffer.from(text),
})

it.for([
  ['9007199254740993', 'Cannot use 9007199254740993: use an integer from 1 to 9007199254740991'],
  ['-12345678901234567890', 'Cannot use -12345678901234567890: use an integer from 1 to 9007199254740991'],
])('quotes every digit of the user ID %s', ([id, detail]) => {
  const line = `{"type":"answer","user":{"id":${id}},"occurred_at":"2020-01-01T00:00:00Z","content":{"type":"a","id":1},"other":${id}}`
  expect(parseLine(aLine(line), Date.now())).toEqual({
    failure: 'invalid-message',
    issues: [{ pointer: '/user/id', detail }],
  })
})

const openErrors = async (errors: string, input: string): Promise<InvalidLines> =>
  await InvalidLines.open(errors, await openInput(input), () => undefined)

it('writes the bytes of every invalid line to the errors file, as text or, if they are not UTF-8, as base64', async () => {
  const input = write('bytes', 'x')
  const withoutNewline = fc.uint8Array({ max: 255 }).map((bytes) => bytes.filter((byte) => byte !== 10))
  const line = fc.oneof(
    withoutNewline,
    fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
  )
  await fc.assert(
    fc.asyncProperty(line, async (bytes) => {
      const invalid = await openErrors('kept.ndjson', input)
      await invalid.add({ number: 3, text: Buffer.from(bytes) }, [{ pointer: '', detail: 'why' }])
      await invalid.close()
      const {
        line: number,
        errors,
        text,
        base64,
      } = JSON.parse(readFileSync(join(directory, 'kept.ndjson'), 'utf8'))
      expect([number, errors]).toEqual([3, [{ pointer: '', detail: 'why' }]])
      expect([text === null, base64 === undefined]).toContain(false)
      expect(text === null ? Buffer.from(base64, 'base64') : Buffer.from(text)).toEqual(Buffer.from(bytes))
    }),
    { numRuns: 60 },
  )
})

it.for(['itself', 'hard', 'symbolic'])(
  'rejects an errors file that is the input file itself (%s)',
  async (name) => {
    await rm(join(directory, 'hard'), { force: true })
    await rm(join(directory, 'symbolic'), { force: true })
    write('itself', '{"precious":true}\n')
    linkSync(join(directory, 'itself'), join(directory, 'hard'))
    symlinkSync('itself', join(directory, 'symbolic'))
    const rejected = openErrors(name, 'itself')
    await expect(rejected).rejects.toThrow(CommandMisuse)
    expect(await refusal(rejected)).toBe(`--errors ${name} is the input file itself: name another file`)
    expect(readFileSync(join(directory, 'itself'), 'utf8')).toBe('{"precious":true}\n')
  },
)

it('replaces an errors file of an earlier run, but no other file', async () => {
  const input = write('given', '{}')
  for (const detail of ['first', 'second']) {
    const invalid = await openErrors('errors.ndjson', input)
    await invalid.add(aLine('x'), [{ pointer: '', detail }])
    await invalid.close()
  }
  expect(readFileSync(join(directory, 'errors.ndjson'), 'utf8')).toBe(
    '{"line":1,"errors":[{"pointer":"","detail":"second"}],"text":"x"}\n',
  )
  const precious = write('precious.ndjson', '{"type":"answer"}\n')
  expect(await refusal(openErrors(precious, input))).toBe(
    'precious.ndjson exists and is not an errors file: name another file for --errors',
  )
  expect(readFileSync(join(directory, precious), 'utf8')).toBe('{"type":"answer"}\n')
})

const fullDisk = 'Cannot write /dev/full: the disk is full. Free some space and run again'
const noFolder = 'Cannot write no/such/file: no such folder. Create it first, or name another file'

it('explains that the errors file cannot be written', async () => {
  const input = write('given', '{}')
  const invalid = await openErrors('/dev/full', input)
  const many = async (): Promise<void> => {
    for (let count = 0; count < 1000; count += 1) await invalid.add(aLine('x'.repeat(1000)), [])
  }
  expect([await refusal(many()), await refusal(invalid.close())]).toContain(fullDisk)
  expect(await refusal(openErrors('no/such/file', input))).toBe(noFolder)
  expect(await refusal(openErrors('folder', input))).toBe('folder is a folder: give a file')
})

it('fails at the next invalid line once the errors file could not be written', async () => {
  const invalid = await openErrors('/dev/full', write('given', '{}'))
  await invalid.add(aLine('x'), [])
  const addOne = async () => await Promise.race([refusal(invalid.add(aLine('x'), [])), pause(100)])
  await expect.poll(addOne).toBe(fullDisk)
  expect(await refusal(invalid.close())).toBe(fullDisk)
})

const someLines = async function* (): AsyncGenerator<string> {
  yield 'one\n'
  yield 'two\n'
}

const exportTo = async (
  name: string,
  lines = someLines(),
  stop = new AbortController().signal,
): Promise<void> => await writeLines(await openOutput(name), lines, stop)

it('creates the file of an export only when it is complete', async () => {
  await exportTo('whole.ndjson')
  expect(readFileSync(join(directory, 'whole.ndjson'), 'utf8')).toBe('one\ntwo\n')
  const broken = async function* (): AsyncGenerator<string> {
    yield 'one\n'
    throw new CommandFailure('Lost the connection')
  }
  expect(await refusal(exportTo('broken.ndjson', broken()))).toBe('Lost the connection')
  expect(await refusal(openInput('broken.ndjson'))).toBe('No such file: broken.ndjson')
})

/** The names in the directory that begin with a word. */
const namesWith = (start: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.startsWith(start))
    .sort()

it('leaves nothing of an export that is stopped', async () => {
  const stop = new AbortController()
  const found: string[][] = []
  const stopped = async function* (): AsyncGenerator<string> {
    yield 'one\n'
    while (namesWith('stopped').length === 0) await pause(1)
    found.push(namesWith('stopped'))
    stop.abort()
    yield 'two\n'
  }
  expect(await refusal(exportTo('stopped.ndjson', stopped(), stop.signal))).toBe(
    'Stopped before the end: run the same command again',
  )
  expect(found).toEqual([[expect.stringMatching(/^stopped\.ndjson\..+\.partial$/)]])
  expect(namesWith('stopped')).toEqual([])
})

it('creates the file to which links lead, and leaves the links', async () => {
  mkdirSync(join(directory, 'disk/linked'), { recursive: true })
  symlinkSync('disk/linked', join(directory, 'link'))
  symlinkSync('../linked.ndjson', join(directory, 'disk/linked/first'))
  symlinkSync('link/first', join(directory, 'second'))
  await exportTo('second')
  expect(readFileSync(join(directory, 'disk/linked.ndjson'), 'utf8')).toBe('one\ntwo\n')
  expect(readlinkSync(join(directory, 'second'))).toBe('link/first')
})

it('does not write an export over a file that appeared meanwhile', async () => {
  const slow = async function* (): AsyncGenerator<string> {
    yield 'one\n'
    write('late.ndjson', 'precious')
  }
  expect(await refusal(exportTo('late.ndjson', slow()))).toBe(
    'late.ndjson exists: name another file, or remove it first',
  )
  expect([namesWith('late'), readFileSync(join(directory, 'late.ndjson'), 'utf8')]).toEqual([
    ['late.ndjson'],
    'precious',
  ])
})

it.for([
  ['over an existing file', 'whole', 'whole exists: name another file, or remove it first'],
  ['over a folder', 'folder', 'folder is a folder: give a file'],
  ['into a folder that does not exist', 'no/such/file', noFolder],
  ['to a full disk', '/dev/full', fullDisk],
] as [string, string, string][])('does not write an export %s', async ([, name, sentence]) => {
  write('whole', 'precious')
  expect(await refusal(exportTo(name))).toBe(sentence)
  expect(readFileSync(join(directory, 'whole'), 'utf8')).toBe('precious')
})

const every = [...contributionTypes]

const exportedLine = (message: string, type: string, recorded_at = '2026-01-01T00:00:00Z'): string =>
  JSON.stringify({ type: message, timestamp: '2020-01-01T00:00:00Z', recorded_at, data: { type } })

it.for([
  ['that is not JSON', '{"type":"answer"', every],
  ['that is not UTF-8', Buffer.from('{"type":"answer","x":"\u{EB}"}', 'latin1'), every],
  ['that is too long', undefined, every],
  ['that is no object', '["answer"]', every],
  ['of an unknown type', '{"type":"reply"}', every],
  ['without a type', '{}', every],
  ['of one type', '{"type":"answer"}', ['answer']],
  [
    'that creates some',
    '{"type":"contribution.created","data":[{"type":"answer"},{"type":"kb_edit"}]}',
    ['answer', 'kb_edit'],
  ],
  ['that creates one of no type', '{"type":"contribution.created","data":[{"type":"answer"},7]}', every],
  ['that retracts one type', '{"type":"contribution.retracted","data":{"type":"solution"}}', ['solution']],
  ['that retracts every type', '{"type":"contribution.retracted","data":{}}', every],
  ['that restores nothing', '{"type":"contribution.restored"}', every],
  ['of an unknown message', '{"type":"contribution.renewed","data":{"type":"answer"}}', every],
  ['of an export that creates one of a removed type', exportedLine('contribution.created', 'reply'), []],
  ['of an export that restores a removed type', exportedLine('contribution.restored', 'reply'), []],
  ['of an export that retracts no type', exportedLine('contribution.retracted', 'No type!'), every],
  ['of an export that creates a defined type', exportedLine('contribution.created', 'answer'), ['answer']],
  ['with an unreadable date of an export', exportedLine('contribution.created', 'reply', 'now'), every],
  ['about a user', '{"type":"user.updated","data":{}}', []],
  ['about a deletion', '{"type":"content.deleted","data":{}}', []],
  ['about coverage', '{"type":"coverage.declared","data":{"type":"answer"}}', []],
] as [string, string | Buffer | undefined, string[]][])(
  'lists the types that may be incomplete without a line %s',
  ([, text, types]) => {
    expect([...typesAffectedBy(aLine(text))].sort()).toEqual([...types].sort())
  },
)
