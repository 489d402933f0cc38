// oxlint-disable-next-line import/no-unassigned-import -- it ends the build if they are invalid
import './checkDefinitions.ts'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { projectDirectory } from './platform/wrangler.ts'

/** The scripts and stylesheets that pages load: the files in these two folders, without their subfolders. */
const entryPoints = await Array.fromAsync(
  glob('src/pages/{browser/*.tsx,styles/*.css}', { cwd: projectDirectory }),
)

await build({
  absWorkingDir: projectDirectory,
  entryPoints,
  entryNames: '[name]',
  outdir: join(projectDirectory, 'public/assets'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2024',
  legalComments: 'none',
  logLevel: 'warning',
})
