import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { galleryPages, pictureName, themes, widths } from './pages.ts'
import { filesOf, type PictureRecord, type Taken } from './record.ts'
import { galleryStates } from './states.ts'

const style = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { margin: 1.5rem }
  nav a { margin-inline-end: 1rem }
  table { border-spacing: 0.75rem }
  th, td { text-align: start; vertical-align: top; font-weight: 500 }
  figure { margin: 0 }
  figure div { max-height: 40rem; overflow-y: auto; border: 1px solid #8888 }
  img { display: block }
  a + a img { border-block-start: 3px dashed #d00 }
  figcaption { font-size: 0.75rem }
  .old { color: #fff; background: #b00 }`

/** How wide a picture is in the grid. */
const shownWidth = (width: number): number => Math.round(width / 3)

const columns = widths.flatMap((width) => themes.map((theme) => ({ width, theme })))

const timeOf = ({ at }: Taken): string => `${at.slice(0, 16).replace('T', ' ')} UTC`

/** Every picture in the folder, by its page and state. */
const picturesIn = (record: PictureRecord) =>
  galleryPages.flatMap((page) =>
    galleryStates.flatMap((state) =>
      columns.flatMap(({ width, theme }) => {
        const name = pictureName(page.name, state.name, width, theme)
        const taken = record.get(name)
        return taken ? [{ page: page.name, state: state.name, width, theme, name, taken }] : []
      }),
    ),
  )

type Picture = ReturnType<typeof picturesIn>[number]

const cell = ({ name, width, taken }: Picture, newest: Taken): string => {
  const isOld = taken.commit !== newest.commit
  const images = filesOf(name, taken.files).map(
    (file) =>
      `<a href="${file}"><img src="${file}" width="${shownWidth(width)}" loading="lazy" alt="${file}"></a>`,
  )
  const facts = [taken.commit, timeOf(taken), ...(taken.lang === undefined ? [] : [`lang=${taken.lang}`])]
  const caption = `<figcaption${isOld ? ' class="old"' : ''}>${isOld ? 'Another commit: ' : ''}${facts.join(' · ')}</figcaption>`
  return `<figure><div>${images.join('')}</div>${caption}</figure>`
}

/** The row of a page in a state; empty if there is no picture of it. */
const rowOf = (
  pictures: readonly Picture[],
  { name, note }: { name: string; note: string },
  newest: Taken,
): string => {
  const own = pictures.filter(({ state }) => state === name)
  if (own.length === 0) return ''
  const cells = columns.map(({ width, theme }) => {
    const picture = own.find((each) => each.width === width && each.theme === theme)
    return `<td>${picture ? cell(picture, newest) : ''}</td>`
  })
  return `<tr><th>${name}<br><small>${note}</small></th>${cells.join('')}</tr>`
}

/** What the pictures were taken of, in a sentence. */
const summaryOf = (pictures: readonly Picture[], newest: Taken): string => {
  const old = pictures.filter(({ taken }) => taken.commit !== newest.commit).length
  return `${pictures.length} pictures. The newest is of commit ${newest.commit}, taken at ${timeOf(newest)}; ${
    old === 0 ? 'so are all others' : `<span class="old">${old} are of another commit</span>`
  }.`
}

/** Writes index.html: all pictures in the folder, by page, state, width and theme. Returns its path. */
export const writeIndex = (record: PictureRecord): string => {
  const pictures = picturesIn(record)
  const newest = pictures.map(({ taken }) => taken).toSorted((one, other) => (one.at < other.at ? 1 : -1))[0]
  const path = join(record.folder, 'index.html')
  if (!newest) return path
  const head = columns.map(({ width, theme }) => `<th>${width} px, ${theme}</th>`).join('')
  const byPage = Map.groupBy(pictures, ({ page }) => page)
  const sections = Array.from(byPage, ([page, own]) => {
    const rows = galleryStates.map((state) => rowOf(own, state, newest)).join('')
    return `<section id="${page}"><h2>${page}</h2><table><tr><th></th>${head}</tr>${rows}</table></section>`
  })
  const links = Array.from(byPage.keys(), (page) => `<a href="#${page}">${page}</a>`).join('')
  writeFileSync(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title><style>${style}</style>
<h1>Pages</h1><p>${summaryOf(pictures, newest)}</p><nav>${links}</nav>${sections.join('\n')}</html>`,
  )
  return path
}
