import { contributionTypes } from '../../definitions/definitions.ts'
import type { StatusAnswer } from '../api/answers.ts'
import type { Formatters } from '../formatters.ts'
import { Code } from '../parts/Code.tsx'
import { PanelHead } from '../parts/PanelHead.tsx'
import { useTexts } from '../texts/texts.ts'

interface CoverageProps {
  status: StatusAnswer
  formatters: Formatters
}

/** How far back the log reaches for each type, and how to import older history. */
export const Coverage = ({ status: { coverage }, formatters }: CoverageProps) => {
  const texts = useTexts()
  const { text } = texts
  const incomplete = contributionTypes.filter((type) => coverage[type]?.complete !== true)
  const reachOf = (type: string): string => {
    const { complete, since } = coverage[type] ?? { complete: false, since: null }
    if (complete) return text('status.coverage.complete')
    if (since !== null) return text('status.coverage.since', { day: formatters.dayAt(since) })
    // There may be none, or imported ones, which do not say how far back the history of the type reaches.
    return text('status.coverage.undeclared')
  }
  return (
    <section class="panel" aria-labelledby="coverage">
      <PanelHead id="coverage" title={text('status.coverage')} note={text('status.coverage.note')} />
      <table class="coverage">
        <thead>
          <tr>
            <th scope="col">{text('status.coverage.type')}</th>
            <th scope="col">{text('status.coverage.reach')}</th>
          </tr>
        </thead>
        <tbody>
          {contributionTypes.map((type) => (
            <tr key={type}>
              <th scope="row">{texts.type(type).title}</th>
              <td>{reachOf(type)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {incomplete.length > 0 && (
        <div class="commands">
          <Code
            name={text('status.coverage.command')}
            code={`npm run backfill -- history.ndjson --complete ${incomplete.join(',')}`}
          />
        </div>
      )}
    </section>
  )
}
