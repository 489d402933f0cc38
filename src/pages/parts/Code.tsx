import { Copy } from './Copy.tsx'

/** A text to copy, with its name. */
export const Code = ({ name, code }: { name: string; code: string }) => (
  <div class="code">
    <div class="code-head">
      <h3>{name}</h3>
      <Copy name={name} text={code} />
    </div>
    <pre tabIndex={0} role="region" aria-label={name}>
      <code>{code}</code>
    </pre>
  </div>
)
