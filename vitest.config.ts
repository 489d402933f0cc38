import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/**
 * Random inputs are the same in every run, so that a test that fails has found fault with the change.
 * `SEED=$RANDOM npm test` draws others.
 */
const seed = Number(process.env['SEED'] ?? 20_091_104)

/** `npm test` tries everything, `npm run test:long` more of it: see test/support/form.ts. */
const isLong = process.env['FORM'] === 'long'

/** Longer than any test takes on a machine that is busy with other work: no test passes or fails by its speed. */
const hang = 3_600_000

/** What all three projects have. */
const shared = {
  provide: { seed, isLong },
  testTimeout: hang,
  hookTimeout: hang,
  expect: { poll: { timeout: hang / 6 } },
}

/** Worker tests run inside workerd; system tests run the commands and whole processes from Node; browser tests, pages in Chromium. */
export default defineConfig(async () => ({
  test: {
    // Three files at a time, whatever the machine: each waits for a workerd of its own, and starts of one leave cores idle.
    maxWorkers: 3,
    teardownTimeout: hang,
    // The Worker's line for each request is no news here; its tests read it themselves.
    onConsoleLog: (log: string) => !log.startsWith('{"event":"request"'),
    // What runs inside workerd; commands and browser scripts run in processes of their own, where nothing counts.
    coverage: {
      provider: 'istanbul' as const,
      include: ['src/**'],
      exclude: ['src/cli/**', 'src/dashboard/browser/**', 'src/env.d.ts'],
      reporter: ['text'],
    },
    reporters: ['default', './test/support/fuzzCounts.ts', './test/support/totals.ts'],
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
                WEBHOOK_SECRETS:
                  'whsec_dGhlLW5ldy1zZWNyZXQtb2YtdGhlLXRlc3RzLTAx whsec_dGhlLW9sZC1zZWNyZXQtb2YtdGhlLXRlc3RzLTAy',
                ADMIN_TOKEN: 'the-operator-token-of-the-tests',
                SYSTEM_USER_IDS: '900,901',
                RATE_LIMITS: 'off',
              },
            },
          }),
        ],
        test: {
          ...shared,
          name: 'worker',
          include: ['test/**/*.test.ts'],
          exclude: ['test/system/**', 'test/browser/**'],
          setupFiles: ['./test/support/setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          // Dozens of processes load wrangler: each but the first finds it compiled.
          env: { NODE_COMPILE_CACHE: './node_modules/.cache/compiled' },
          include: ['test/system/**/*.test.ts'],
        },
      },
      {
        test: { ...shared, name: 'browser', include: ['test/browser/**/*.test.ts'] },
      },
    ],
  },
}))
