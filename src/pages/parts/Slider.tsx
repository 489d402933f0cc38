import type { ComponentChildren, TargetedKeyboardEvent } from 'preact'

interface SliderProps {
  class: string
  label: string
  /** The chosen one of `count` items, from 0, and its description. */
  index: number
  count: number
  text: string
  /** How many items each key moves on. Home and End lead to the first and the last. */
  steps: Readonly<Record<string, number>>
  /** Called with undefined when the slider is left. */
  onChoose: (index: number | undefined) => void
  /** Called when Enter is pressed. */
  onOpen?: () => void
  children: ComponentChildren
}

/** A picture of many items as a slider for the keyboard and screen readers (WAI-ARIA 1.2): its value is the chosen item. */
export const Slider = (slider: SliderProps) => {
  const { label, index, count, text, steps, onChoose, children } = slider
  const last = Math.max(count - 1, 0)
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const keys: Record<string, number> = { ...steps, Home: -count, End: count }
    if (event.key === 'Enter' && slider.onOpen) slider.onOpen()
    const step = keys[event.key]
    if (step === undefined) return
    event.preventDefault()
    onChoose(Math.min(Math.max(index + step, 0), last))
  }
  return (
    <div
      class={slider.class}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={Math.max(index, 0)}
      aria-valuetext={text}
      onKeyDown={onKeyDown}
      onBlur={() => onChoose(undefined)}
    >
      {children}
    </div>
  )
}
