import { useTexts } from '../texts/texts.ts'

interface TextFieldProps {
  name: string
  label: string
  value: string | undefined
  example: string
  maxLength: number
  onBlur?: () => void
}

/** A labelled text field for a filter. An empty field does not filter. */
export const TextField = ({ name, label, value, example, maxLength, onBlur }: TextFieldProps) => {
  const { text } = useTexts()
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        defaultValue={value ?? ''}
        placeholder={text('filters.example', { example })}
        maxLength={maxLength}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onBlur={onBlur}
      />
    </p>
  )
}
