declare namespace Cloudflare {
  interface Env {
    TEST_MIGRATIONS: import('@cloudflare/vitest-plugin').D1Migration[]
  }
  interface GlobalProps {
    mainModule: typeof import('../../src/worker.ts')
    durableNamespaces: 'UserCounter' | 'LiveRanking' | 'LogScans' | 'LogSummary' | 'UserDirectory' | 'Auditor'
  }
}

/** A file as text, by Vite. */
declare module '*?raw' {
  const text: string
  export default text
}

declare module '*.json?raw' {
  const text: string
  export default text
}
