import { Marked, type Tokens } from 'marked'

/** The ID of a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/**
 * Code within a sentence, escaped. Words with hyphens, such as `--dry-run`, do not break if they fit a narrow screen; a list may
 * break after its commas.
 */
export const inlineCode = ({ text }: Tokens.Codespan): string => {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const kept = escaped.replaceAll(/[\w-]*-[\w-]*/g, (word) =>
    word.length > 1 && word.length <= 32 ? `<span class="word">${word}</span>` : word,
  )
  return `<code>${kept.replaceAll(/(?<=\w),(?=\w)/g, '$&<wbr>')}</code>`
}

/** Renders Markdown, with an ID for each heading. Does not escape HTML, so it must only get text from this repository. */
const markdown = new Marked({
  renderer: {
    codespan: inlineCode,
    heading({ tokens, depth, text }) {
      const anchor = anchorOf(text)
      const link = `<a class="anchor" href="#${anchor}" data-anchor aria-label="Link to this section">#</a>`
      return `<h${depth} id="${anchor}" class="anchored">${this.parser.parseInline(tokens)}${link}</h${depth}>`
    },
  },
})

/** Markdown paragraphs. */
export const Prose = ({ text }: { text: string }) => (
  <div class="prose" dangerouslySetInnerHTML={{ __html: markdown.parse(text, { async: false }) }} />
)

/** Inline Markdown. */
export const Inline = ({ text }: { text: string }) => (
  <span dangerouslySetInnerHTML={{ __html: markdown.parseInline(text, { async: false }) }} />
)
