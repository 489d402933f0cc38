import { Marked } from 'marked'

/** The name that a heading is linked by. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** Markdown of this project's own, with headings that can be linked to. */
const markdown = new Marked({
  renderer: {
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>`
    },
  },
})

/** Several paragraphs of the document, which is written in Markdown. */
export const Prose = ({ text }: { text: string }) => (
  <div class="prose" dangerouslySetInnerHTML={{ __html: markdown.parse(text, { async: false }) }} />
)

/** A few words of the document, within a paragraph. */
export const Words = ({ text }: { text: string }) => (
  <span dangerouslySetInnerHTML={{ __html: markdown.parseInline(text, { async: false }) }} />
)
