import { useState } from 'preact/hooks'

/** A button that copies a text, and says whether it could. */
export const Copy = ({ name, text }: { name: string; text: string }) => {
  const [said, say] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      say('Copied')
    } catch {
      say('Cannot copy here: select the text and copy it')
    }
  }
  return (
    <>
      <span class="soft" role="status">
        {said}
      </span>
      <button type="button" onClick={() => void copy()}>
        Copy<span class="visually-hidden"> {name}</span>
      </button>
    </>
  )
}
