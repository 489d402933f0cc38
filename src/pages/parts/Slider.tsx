import type { ComponentChildren, TargetedKeyboardEvent } from 'preact'

interface SliderProps {
  class: string
  label: string
  /** The index of the chosen item among `count` items, and its description. */
  index: number
  count: number
  text: string
  /** How many items each key moves. Home and End move to the first and the last item. */
  steps: Readonly<Record<string, number>>
  /** Called with undefined when the slider loses focus. */
  onChoose: (index: number | undefined) => void
  /** Called when Enter is pressed. */
  onOpen?: () => void
  children: ComponentChildren
}

/**
 * Makes a graphic of many items a slider for keyboards and screen readers (WAI-ARIA 1.2), whose value is the chosen
 * item.
 */
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
