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

/** Code as HTML, with a class for each kind of token; plain in a language that is not highlighted. */
export const highlighted = (text: string, language = ''): string => {
  const name = aliases[language] ?? language
  return hljs.highlight(text, { language: hljs.getLanguage(name) ? name : 'plaintext' }).value
}

interface PreProps {
  text: string
  name: string
  /** Default: JSON. */
  language?: string
  /** Whether it is one of the samples among which readers choose. */
  isChoice?: boolean
}

/** A block of code. It scrolls, so the keyboard can reach it. */
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
  /** Of a single text. Default: JSON. */
  language?: string
}

/** Texts to copy, in one or several languages. The page's script puts the button where `data-copy` is. */
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
