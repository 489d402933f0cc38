/** A text to copy. The page's script puts the button where `data-copy` names it. */
export const Code = ({ name, text }: { name: string; text: string }) => (
  <div class="code">
    <div class="code-head">
      <p class="eyebrow">{name}</p>
      <div class="code-copy" data-copy={name} />
    </div>
    <pre>
      <code>{text}</code>
    </pre>
  </div>
)
