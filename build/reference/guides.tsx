import { Marked, type Tokens } from 'marked'
import { renderToString } from 'preact-render-to-string'
import contract from '../../docs/contract.md'
import definitions from '../../docs/definitions.md'
import movingOver from '../../docs/moving-over.md'
import operating from '../../docs/operating.md'
import privacy from '../../docs/privacy.md'
import sending from '../../docs/sending.md'
import { Code } from './Code.tsx'

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

/** The target of a guide's link on the site; undefined for a file that the site does not serve. */
const targetOf = (href: string): string | undefined => {
  if (/^(?:https?:|#|\/)/.test(href)) return href
  const [, name, hash = ''] = /^(?:\.\/)?([\w-]+)\.md(#.*)?$/.exec(href) ?? []
  return guides.some((guide) => guide.name === name) ? `/docs/${name}${hash}` : undefined
}

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
  const marked = new Marked({
    renderer: {
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
        const text = this.parser.parseInline(tokens)
        const target = targetOf(href)
        return target === undefined ? text : `<a href="${target.replaceAll('"', '%22')}">${text}</a>`
      },
      code({ text, lang = '' }: Tokens.Code) {
        return renderToString(<Code name={lang} samples={text} language={lang || 'plaintext'} />)
      },
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: string): string =>
          row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')
        const rows = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')
        const head = cells(token.header, 'th').replaceAll('<th>', '<th scope="col">')
        return `<div class="scroll-x" tabindex="0" role="region" aria-label="Table"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`
      },
    },
  })
  return { html: marked.parse(markdown, { async: false }), headings }
}
