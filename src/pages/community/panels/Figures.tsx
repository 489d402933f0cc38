import { relativeText } from '../../parts/Difference.tsx'
import { shareText } from '../../parts/shareText.ts'
import { useTexts } from '../../texts/texts.ts'
import type { Words } from '../intervalNames.ts'

/** The kind of a number: a count, a share from 0 to 1, or hours. */
export type Kind = 'count' | 'share' | 'hours'

/** A number, and the same number for the previous period; undefined if there is none. */
export interface Figure {
  name: string
  kind: Kind
  now: number | undefined
  before?: number | undefined
  /** Why there is no number. */
  missing?: string | undefined
}

/** Formats a number. */
export const figureText = (
  kind: Kind,
  value: number | null | undefined,
  { texts, formatters }: Words,
): string => {
  if (value === undefined || value === null) return '–'
  if (kind === 'share') return shareText(value, formatters, texts)
  return kind === 'hours'
    ? texts.text('hours', { value: formatters.decimal(value) })
    : formatters.decimal(value)
}

/** Formats the difference of two numbers. */
const differenceText = (kind: Kind, difference: number, { texts, formatters }: Words): string => {
  const change = formatters.change(kind === 'share' ? 100 * difference : difference)
  if (kind === 'share') return texts.text('change.points', { change })
  return kind === 'hours' ? texts.text('hours', { value: change }) : change
}

interface ChangeProps extends Omit<Figure, 'name' | 'missing'> {
  /** Names the period of the earlier number: "before", "the week before". */
  than: string
  words: Words
}

/** The change from an earlier number, absolute and in percent. It is computed from the exact numbers, and rounded last. */
export const Change = ({ kind, now, before, than, words }: ChangeProps) => {
  if (now === undefined || before === undefined) return null
  const { texts, formatters } = words
  const difference = now - before
  const text = differenceText(kind, difference, words)
  const isSame = text === differenceText(kind, 0, words)
  const relative = kind === 'share' ? undefined : relativeText(difference, before, formatters, texts)
  return (
    <span class="change">
      {isSame ? (
        <strong>{texts.text('change.none')}</strong>
      ) : (
        <strong>
          <span aria-hidden="true">{difference > 0 ? '▴' : '▾'}</span> {text}
          {relative !== undefined && ` (${relative})`}
        </strong>
      )}{' '}
      <span class="change-before">
        {texts.text('change.than', { than, value: figureText(kind, before, words) })}
      </span>
    </span>
  )
}

/** The numbers of a panel, each compared with the previous period. */
export const Figures = ({ figures, words }: { figures: readonly Figure[]; words: Words }) => {
  const { text } = useTexts()
  return (
    <dl class="figures compared">
      {figures.map(({ name, kind, now, before, missing }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{figureText(kind, now, words)}</dd>
          <dd class="figure-change">
            {missing ?? (
              <Change kind={kind} now={now} before={before} than={text('change.before')} words={words} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
