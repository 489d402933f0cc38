import { useState } from 'preact/hooks'
import { useTexts } from '../texts/texts.ts'

/** A button that copies a text, and reports whether that worked. */
export const Copy = ({ name, text }: { name: string; text: string | (() => string) }) => {
  const { text: textOf, rich } = useTexts()
  const [status, setStatus] = useState('')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text())
      setStatus(textOf('copy.done'))
    } catch {
      setStatus(textOf('copy.failed'))
    }
  }
  return (
    <>
      <span class="soft" role="status">
        {status}
      </span>
      <button type="button" class="needs-script" onClick={() => void copy()}>
        {rich('copy.button', { name, hidden: (part) => <span class="visually-hidden">{part}</span> })}
      </button>
    </>
  )
}
