import { useState } from 'preact/hooks'

/** A button that copies a text, and reports whether that worked. */
export const Copy = ({ name, text }: { name: string; text: string }) => {
  const [status, setStatus] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setStatus('Copied')
    } catch {
      setStatus("Can't copy here: select the text and copy it yourself")
    }
  }
  return (
    <>
      <span class="soft" role="status">
        {status}
      </span>
      <button type="button" onClick={() => void copy()}>
        Copy<span class="visually-hidden"> {name}</span>
      </button>
    </>
  )
}
