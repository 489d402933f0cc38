import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import type { Samples } from './samples.ts'

hljs.registerLanguage('bash', bash)
hljs.registerLanguage('javascript', javascript)
hljs.registerLanguage('json', json)
hljs.registerLanguage('python', python)
hljs.registerLanguage('plaintext', () => ({ contains: [] }))

const aliases: Record<string, string> = { curl: 'bash', sh: 'bash', js: 'javascript', ndjson: 'json' }

/** Code as HTML, with a class for each kind of token; plain text in an unsupported language. */
export const highlighted = (text: string, language = ''): string => {
  const name = aliases[language] ?? language
  return hljs.highlight(text, { language: hljs.getLanguage(name) ? name : 'plaintext' }).value
}

interface PreProps {
  text: string
  name: string
  /** Default: JSON. */
  language?: string
  /** Whether it is one of several samples between which readers choose by language. */
  isChoice?: boolean
}

/** A block of code. It is focusable, so that it can be scrolled with the keyboard. */
export const Pre = ({ text, name, language = 'json', isChoice = false }: PreProps) => (
  <pre
    class={isChoice ? `sample sample-${language}` : undefined}
    tabIndex={0}
    role="region"
    aria-label={isChoice ? `${name}, ${language}` : name || 'Example'}
  >
    <code dangerouslySetInnerHTML={{ __html: highlighted(text, language) }} />
  </pre>
)

interface CodeProps {
  name: string
  samples: Samples | string
  /** The language of a single text. Default: JSON. */
  language?: string
}

/** Code to copy, in one or several languages. The page's script adds the copy button at `data-copy`. */
export const Code = ({ name, samples, language = 'json' }: CodeProps) => (
  <div class="code">
    <div class="code-head">
      <p class="eyebrow">{name}</p>
      <div class="code-copy" data-copy={name} />
    </div>
    {typeof samples === 'string' ? (
      <Pre text={samples} language={language} name={name} />
    ) : (
      Object.entries(samples).map(([each, text]) => (
        <Pre key={each} text={text} language={each} name={name} isChoice />
      ))
    )}
  </div>
)
