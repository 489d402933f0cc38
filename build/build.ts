// oxlint-disable-next-line import/no-unassigned-import -- it ends the build if they are invalid
import '../src/cli/checkDefinitions.ts'
import { glob, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { accentColors } from '../src/definitions/colors.ts'
import { definitions } from '../src/definitions/definitions.ts'
import { languages } from '../src/definitions/languages.ts'
import { catalogueOf } from '../src/pages/texts/catalogue.ts'
import { assetOf } from '../src/pages/texts/texts.ts'
import { projectDirectory } from '../src/cli/platform/wrangler.ts'

const shared: BuildOptions = {
  absWorkingDir: projectDirectory,
  bundle: true,
  format: 'esm',
  target: 'es2024',
  legalComments: 'none',
  logLevel: 'warning',
}

/** The stylesheet with the site's accent colours, which `styles/site.css` imports; empty if the site has none. */
const accentStyles = ({ site: { accent } }: typeof definitions): string => {
  const colors = Object.entries(accent ? accentColors(accent) : {})
  return `:root {${colors.map(([name, [light, dark]]) => `--${name}: light-dark(${light}, ${dark});`).join('')}}`
}

const siteAccent: Plugin = {
  name: 'look',
  setup: (hooks) => {
    hooks.onResolve({ filter: /^site-look$/ }, ({ path }) => ({ path, namespace: 'look' }))
    hooks.onLoad({ filter: /./, namespace: 'look' }, () => ({
      contents: accentStyles(definitions),
      loader: 'css',
    }))
  },
}

/** Bundles the scripts and stylesheets that pages load: the files directly in these two folders. */
const buildAssets = async (): Promise<void> => {
  const files = glob('src/pages/{browser/*.tsx,styles/*.css}', { cwd: projectDirectory })
  const entryPoints = await Array.fromAsync(files)
  await build({
    ...shared,
    entryPoints,
    entryNames: '[name]',
    outdir: 'public/assets',
    minify: true,
    plugins: [siteAccent],
  })
}

/** Writes the texts of each language as a module that the pages' scripts load. */
const buildTexts = async (): Promise<void> => {
  await mkdir(join(projectDirectory, 'public/assets'), { recursive: true })
  for (const language of languages) {
    const text = `export const catalogue = ${JSON.stringify(catalogueOf(language))}\n`
    await replaceFile(join(projectDirectory, 'public', assetOf(language)), text)
  }
}

/** Stubs for what the routes import but the reference does not need: workerd's module, and the previous reference. */
const stubs: Record<string, string> = {
  'cloudflare:workers': 'export class DurableObject {}; export const waitUntil = undefined',
  generated: 'export const openApi = "", reference = "", guides = {}, problemList = "", problemPages = {}',
}

const withStubs: Plugin = {
  name: 'stubs',
  setup: (hooks) => {
    hooks.onResolve({ filter: /^cloudflare:workers$/ }, ({ path }) => ({ path, namespace: 'stub' }))
    hooks.onResolve({ filter: /\/generated\/reference\.js$/ }, () => ({
      path: 'generated',
      namespace: 'stub',
    }))
    hooks.onLoad({ filter: /./, namespace: 'stub' }, ({ path }) => ({ contents: stubs[path] ?? '' }))
  },
}

/** Atomically replaces a file, which others may be reading, if its text has changed. */
const replaceFile = async (path: string, text: string): Promise<void> => {
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return
  const partial = `${path}.${process.pid}`
  await writeFile(partial, text)
  await rename(partial, path)
}

/** Writes the API document and the reference as a module of the Worker. */
const buildReference = async (): Promise<void> => {
  const bundle = await build({
    ...shared,
    entryPoints: ['build/reference/render.tsx'],
    platform: 'node',
    loader: { '.md': 'text' },
    plugins: [withStubs],
    write: false,
  })
  const source = Buffer.from(bundle.outputFiles[0]?.contents ?? []).toString('base64')
  const { rendered } = (await import(`data:text/javascript;base64,${source}`)) as {
    rendered: Record<string, unknown>
  }
  const lines = Object.entries(rendered).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)}\n`,
  )
  await replaceFile(join(import.meta.dirname, 'generated/reference.js'), lines.join(''))
}

await Promise.all([buildAssets(), buildTexts(), buildReference()])
