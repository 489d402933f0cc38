import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import { useId } from 'preact/hooks'
import type { Samples } from './samples.ts'

hljs.registerLanguage('bash', bash)
hljs.registerLanguage('javascript', javascript)
hljs.registerLanguage('json', json)
hljs.registerLanguage('python', python)
hljs.registerLanguage('plaintext', () => ({ contains: [] }))

const aliases: Record<string, string> = {
  curl: 'bash',
  sh: 'bash',
  js: 'javascript',
  ts: 'javascript',
  ndjson: 'json',
}

/** Code as HTML, with a class for each kind of token; plain text in an unsupported language. */
const highlighted = (text: string, language = ''): string => {
  const name = aliases[language] ?? language
  return hljs.highlight(text, { language: hljs.getLanguage(name) ? name : 'plaintext' }).value
}

/** How many lines a text may have to be shown whole at once, and about how many characters there is room for in each. */
const [linesShown, lineLength] = [20, 52]

const rowsOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLength)), 0)

interface PreProps {
  text: string
  /** Default: JSON. */
  language?: string
  /** Whether it is shown whole, however long it is. */
  isWhole?: boolean
}

/** A block of code. A long one shows its beginning only, until its checkbox is checked; that works without script. */
export const Pre = ({ text, language = 'json', isWhole = false }: PreProps) => {
  const lines = text.split('\n')
  const isLong = !isWhole && rowsOf(lines) > linesShown
  return (
    <div class={isLong ? 'listing is-long' : 'listing'}>
      <pre>
        <code dangerouslySetInnerHTML={{ __html: highlighted(text, language) }} />
      </pre>
      {isLong && (
        <label class="show-all">
          <input type="checkbox" />
          Show all {lines.length} lines
        </label>
      )}
    </div>
  )
}

const languageNames: Record<keyof Samples, string> = {
  curl: 'curl',
  javascript: 'JavaScript',
  python: 'Python',
}

/**
 * Chooses the language of one block of samples: radio buttons that look like tabs, so that the stylesheet alone can show
 * the chosen sample. With the page's script, a choice holds for all blocks.
 */
const LanguageTabs = ({ of }: { of: string }) => {
  const group = useId()
  return (
    <fieldset class="tabs">
      <legend class="visually-hidden">Language of {of}</legend>
      {Object.entries(languageNames).map(([value, name]) => (
        <label key={value}>
          <input type="radio" name={group} value={value} checked={value === 'curl'} />
          {name}
        </label>
      ))}
    </fieldset>
  )
}

interface CodeProps {
  name: string
  samples: Samples | string
  /** The language of a single text. Default: JSON. */
  language?: string
  /** Whether its name stands above it already. */
  isNamed?: boolean
  /** Whether it is shown whole, however long it is. */
  isWhole?: boolean
}

/** Code to copy, in one or several languages. The page's script adds the copy button at `data-copy`. */
export const Code = ({ name, samples, language = 'json', isNamed = false, isWhole = false }: CodeProps) => (
  <div class="code">
    {!isNamed && name !== '' && typeof samples !== 'string' && <p class="eyebrow">{name}</p>}
    <div class="code-head">
      {typeof samples === 'string' ? <p class="eyebrow">{!isNamed && name}</p> : <LanguageTabs of={name} />}
      <div class="code-copy" data-copy={name} />
    </div>
    {typeof samples === 'string' ? (
      <Pre text={samples} language={language} isWhole={isWhole} />
    ) : (
      Object.entries(samples).map(([each, text]) => (
        <div key={each} class={`sample sample-${each}`}>
          <Pre text={text} language={each} />
        </div>
      ))
    )}
  </div>
)
