import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { galleryPages, pictureName, themes, widths } from './pages.ts'
import { galleryStates } from './states.ts'

const style = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { margin: 1.5rem }
  nav a { margin-inline-end: 1rem }
  table { border-spacing: 0.75rem }
  th { text-align: start; vertical-align: top; font-weight: 500 }
  img { display: block; max-height: 40rem; object-fit: cover; object-position: top; border: 1px solid #8888 }`

/** How wide a picture is in the grid. */
const shownWidth = (width: number): number => Math.round(width / 3)

const columns = widths.flatMap((width) => themes.map((theme) => ({ width, theme })))

const cell = (folder: string, file: string, width: number): string =>
  existsSync(join(folder, file))
    ? `<td><a href="${file}"><img src="${file}" width="${shownWidth(width)}" loading="lazy" alt="${file}"></a></td>`
    : '<td></td>'

/** The rows of a page: a row for each state that there is a picture of. */
const rowsOf = (folder: string, page: string): string[] =>
  galleryStates.flatMap(({ name, note }) => {
    const cells = columns.map(({ width, theme }) =>
      cell(folder, pictureName(page, name, width, theme), width),
    )
    if (cells.every((each) => each === '<td></td>')) return []
    return [`<tr><th>${name}<br><small>${note}</small></th>${cells.join('')}</tr>`]
  })

/** Writes index.html: all pictures in the folder, by page, state, width and theme. Returns its path. */
export const writeIndex = (folder: string): string => {
  const head = columns.map(({ width, theme }) => `<th>${width} px, ${theme}</th>`).join('')
  const sections = galleryPages.flatMap(({ name }) => {
    const rows = rowsOf(folder, name)
    if (rows.length === 0) return []
    const table = `<table><tr><th></th>${head}</tr>${rows.join('')}</table>`
    return [{ name, html: `<section id="${name}"><h2>${name}</h2>${table}</section>` }]
  })
  const links = sections.map(({ name }) => `<a href="#${name}">${name}</a>`).join('')
  const path = join(folder, 'index.html')
  writeFileSync(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title><style>${style}</style>
<h1>Pages</h1><nav>${links}</nav>${sections.map(({ html }) => html).join('\n')}</html>`,
  )
  return path
}
