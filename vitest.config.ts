import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/**
 * The seed of random inputs, the same in every run, so that only a change makes a test fail. `SEED=$RANDOM npm test` tries
 * others.
 */
const seed = Number(process.env['SEED'] ?? 20_091_104)

/** `npm test` tries everything, `npm run test:long` more inputs: see test/support/form.ts. */
const isLong = process.env['FORM'] === 'long'

/** What needs instrumented code runs only with coverage. */
const withCoverage = process.argv.includes('--coverage') ? ['test/**/*.coverage.ts'] : []

/** A timeout longer than any test takes on a busy machine, so that no test fails by being slow. */
const hang = 3_600_000

/** The packages that the Worker and its tests import. */
const bundled = [
  'csv-stringify/sync',
  'drizzle-orm',
  'drizzle-orm/d1',
  'drizzle-orm/sqlite-core',
  'fast-check',
  'ipaddr.js',
  'preact',
  'preact-render-to-string',
  'preact/hooks',
  'temporal-polyfill',
  'zod/mini',
]

/** The settings of all projects. */
const shared = {
  provide: { seed, isLong },
  testTimeout: hang,
  hookTimeout: hang,
  expect: { poll: { timeout: hang / 6 } },
}

const migrations = await readD1Migrations('./migrations')

const inWorkerd = () =>
  cloudflareTest({
    main: './test/support/workerWithoutMemory.ts',
    wrangler: { configPath: './wrangler.toml' },
    miniflare: {
      bindings: {
        TEST_MIGRATIONS: migrations,
        WEBHOOK_SECRETS:
          'whsec_dGhlLW5ldy1zZWNyZXQtb2YtdGhlLXRlc3RzLTAx whsec_dGhlLW9sZC1zZWNyZXQtb2YtdGhlLXRlc3RzLTAy',
        ADMIN_TOKEN: 'the-operator-token-of-the-tests',
        SYSTEM_USER_IDS: '900,901',
        RATE_LIMITS: 'off',
      },
    },
  })

/** Test files that run inside workerd, one after the other in the same one: a workerd for each file takes longer to start than most files do. */
const sharingWorkerd = {
  isolate: false,
  // Bundled once: otherwise each file fetches their hundreds of modules one by one.
  deps: { optimizer: { ssr: { enabled: true, include: bundled } } },
  // Leaves nothing of the file before.
  setupFiles: ['./test/support/setup.ts'],
}

/** Tests in test/<name>/ of the Worker with examples/<name>/definitions.json. What the build makes is still of this project's. */
const withDefinitionsOf = (name: string) => ({
  plugins: [inWorkerd()],
  resolve: {
    alias: [
      {
        find: /^(?:\.\.\/)+definitions\.json$/,
        replacement: fileURLToPath(new URL(`examples/${name}/definitions.json`, import.meta.url)),
      },
    ],
  },
  test: {
    ...shared,
    ...sharingWorkerd,
    name,
    include: [`test/${name}/**/*.test.ts`],
  },
})

/** Bundles the Worker once for the tests that run it in processes of its own: each would spend seconds on it. */
const builtOnce = './test/system/support/built.ts'

/** Worker tests run inside workerd, those of other sites too; system tests run the commands and whole processes from Node; browser tests, pages in Chromium. */
export default defineConfig(async () => {
  await import('./build/build.ts') // what the Worker and its pages are made of besides src/
  return {
    test: {
      // Three files at a time on any machine: while one waits for its workerd to start, the others use the cores.
      maxWorkers: 3,
      teardownTimeout: hang,
      // Hides the Worker's log line for each request.
      onConsoleLog: (log: string) => !log.startsWith('{"event":"request"'),
      // Code that runs inside workerd. Commands and browser scripts run in other processes, without coverage.
      coverage: {
        provider: 'istanbul' as const,
        include: ['src/**'],
        exclude: ['src/cli/**', 'src/pages/browser/**'],
        reporter: ['text'],
      },
      reporters: ['default', './test/support/fuzzCounts.ts', './test/support/totals.ts'],
      projects: [
        {
          plugins: [inWorkerd()],
          test: {
            ...shared,
            ...sharingWorkerd,
            name: 'worker',
            include: ['test/**/*.test.ts', ...withCoverage],
            exclude: ['test/forum/**', 'test/discourse/**', 'test/system/**', 'test/browser/**'],
          },
        },
        withDefinitionsOf('forum'),
        withDefinitionsOf('discourse'),
        {
          test: {
            ...shared,
            name: 'system',
            // Dozens of processes load wrangler: the cache saves compiling it each time.
            env: { NODE_COMPILE_CACHE: './node_modules/.cache/compiled' },
            globalSetup: builtOnce,
            setupFiles: ['./test/support/newConnections.ts'],
            include: ['test/system/**/*.test.ts'],
          },
        },
        {
          test: {
            ...shared,
            name: 'browser',
            globalSetup: builtOnce,
            setupFiles: ['./test/support/newConnections.ts'],
            isolate: false, // loads Playwright and axe once for several files
            include: ['test/browser/**/*.test.ts'],
          },
        },
      ],
    },
  }
})
