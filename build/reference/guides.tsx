import { Marked, type Token, type Tokens } from 'marked'
import { renderToString } from 'preact-render-to-string'
import contract from '../../docs/contract.md'
import definitions from '../../docs/definitions.md'
import movingOver from '../../docs/moving-over.md'
import operating from '../../docs/operating.md'
import privacy from '../../docs/privacy.md'
import sending from '../../docs/sending.md'
import { Code } from './Code.tsx'
import { inlineCode } from './Prose.tsx'

/** A file of docs/ that the site serves as a page. */
export interface Guide {
  /** The name in the address `/docs/<name>`. */
  name: string
  title: string
  description: string
  markdown: string
}

/** The guides, in the order of the table of contents. */
export const guides: readonly Guide[] = [
  {
    name: 'sending',
    title: 'Sending webhooks',
    description: 'How a site reports contributions',
    markdown: sending,
  },
  {
    name: 'moving-over',
    title: 'Moving over',
    description: 'Replacing a site’s own statistics, step by step',
    markdown: movingOver,
  },
  {
    name: 'operating',
    title: 'Operating',
    description: 'Running the service in production',
    markdown: operating,
  },
  {
    name: 'definitions',
    title: 'Definitions',
    description: 'What a site counts, and how its pages look',
    markdown: definitions,
  },
  {
    name: 'privacy',
    title: 'Privacy',
    description: 'What is stored about people, and how it is erased',
    markdown: privacy,
  },
  { name: 'contract', title: 'Contract', description: 'What callers may rely on', markdown: contract },
]

/** The anchor that GitHub gives a heading. Links within the guides use these. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

/** The guide that a link leads to, with its address on the site; undefined for other links. */
const guideAt = (href: string): { guide: Guide; address: string } | undefined => {
  const [, name, hash = ''] = /^(?:\.\/)?([\w-]+)\.md(#.*)?$/.exec(href) ?? []
  const guide = guides.find((each) => each.name === name)
  return guide && { guide, address: `/docs/${guide.name}${hash}` }
}

/** The target of a guide's link on the site; undefined for a file that the site does not serve. */
const targetOf = (href: string): string | undefined =>
  /^(?:https?:|#|\/)/.test(href) ? href : guideAt(href)?.address

/** A heading of a guide. */
export interface GuideHeading {
  anchor: string
  text: string
  depth: number
}

const plainText = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")

/** Escapes a text for an attribute in double quotes. */
const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

/** Replaces the straight apostrophes of a text, but not those of code, links and HTML, which are other tokens. */
const curlApostrophes = (token: Token): void => {
  if (token.type === 'text') token.text = token.text.replaceAll("'", '’')
}

/** Renders a guide to HTML, and lists its headings. Does not escape HTML, so it must only get text from this repository. */
export const renderGuide = ({ markdown }: Guide): { html: string; headings: GuideHeading[] } => {
  const headings: GuideHeading[] = []
  const taken = new Map<string, number>()
  const anchorFor = (text: string): string => {
    const slug = slugOf(text)
    const count = taken.get(slug) ?? 0
    taken.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  }
  const tables = new Map<string, number>()
  /** The name of the next table: that of its section, with a number from the second table of that name on. */
  const nameTable = (): string => {
    const section = headings.at(-1)?.text ?? 'Table'
    const count = (tables.get(section) ?? 0) + 1
    tables.set(section, count)
    return count === 1 ? section : `${section}, table ${count}`
  }
  const marked = new Marked({
    walkTokens: curlApostrophes,
    renderer: {
      codespan: inlineCode,
      heading({ tokens, depth }: Tokens.Heading) {
        const html = this.parser.parseInline(tokens)
        const text = plainText(html)
        const anchor = anchorFor(text)
        headings.push({ anchor, text, depth })
        const link = `<a class="anchor" href="#${anchor}" data-anchor aria-label="Link to this section">#</a>`
        return depth === 1
          ? `<h1 id="${anchor}">${html}</h1>`
          : `<h${depth} id="${anchor}" class="anchored">${html}${link}</h${depth}>`
      },
      link({ href, tokens }: Tokens.Link) {
        const own = this.parser.parseInline(tokens)
        const guide = guideAt(href)?.guide
        // A file name says less than the title of the page.
        const text = guide && own === `${guide.name}.md` ? guide.title : own
        const target = targetOf(href)
        return target === undefined ? text : `<a href="${target.replaceAll('"', '%22')}">${text}</a>`
      },
      code({ text, lang = '' }: Tokens.Code) {
        return renderToString(<Code name={lang} samples={text} language={lang || 'plaintext'} isWhole />)
      },
      table(token: Tokens.Table) {
        const contents = (row: Tokens.TableCell[]): string[] =>
          row.map(({ tokens }) => this.parser.parseInline(tokens))
        const heads = contents(token.header)
        // On a narrow screen, each row is a block, and each cell says which column it is of.
        const cellOf = (html: string, column: number): string =>
          `<td role="cell" data-column="${quoted(plainText(heads[column] ?? ''))}">${html}</td>`
        const rows = token.rows.map((row) => `<tr role="row">${contents(row).map(cellOf).join('')}</tr>`)
        const head = heads.map((html) => `<th role="columnheader" scope="col">${html}</th>`).join('')
        return `<div class="scroll-x" tabindex="0" role="region" aria-label="${quoted(nameTable())}"><table role="table"><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows.join('')}</tbody></table></div>`
      },
    },
  })
  return { html: marked.parse(markdown, { async: false }), headings }
}
