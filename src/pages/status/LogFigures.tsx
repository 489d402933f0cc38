import type { ComponentChildren } from 'preact'
import type { StatusAnswer } from '../api/answers.ts'
import type { Formatters } from '../formatters.ts'
import { Code } from '../parts/Code.tsx'
import { useOrigin } from '../parts/origin.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { useTexts } from '../texts/texts.ts'

interface PartProps {
  status: StatusAnswer
  formatters: Formatters
}

const Figures = ({ figures }: { figures: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="figures">
    {figures.map(([name, figure]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{figure}</dd>
      </div>
    ))}
  </dl>
)

/** The size of the log, and the age of its latest contribution. */
export const LogFigures = ({ status, formatters }: PartProps) => {
  const { text } = useTexts()
  const { position, contributions, first_event_at: first, last_event_at: last } = status
  return (
    <section class="panel" aria-labelledby="log">
      <PanelHead id="log" title={text('status.log')} note={text('status.log.note')} />
      <Figures
        figures={[
          [text('status.log.position'), formatters.number(position)],
          [text('status.log.contributions'), formatters.number(contributions)],
          [text('status.log.from'), first ? formatters.dayAt(first) : '–'],
          [
            text('status.log.to'),
            last ? (
              <time dateTime={last} title={formatters.instant(last)}>
                {formatters.ago(last, status.as_of)}
              </time>
            ) : (
              text('status.never')
            ),
          ],
        ]}
      />
    </section>
  )
}

/** What the last audit compared, and what differed. */
export const LastAudit = ({ status: { audit, as_of: asOf }, formatters }: PartProps) => {
  const { text } = useTexts()
  const origin = useOrigin()
  return (
    <section class="panel" aria-labelledby="audit">
      <PanelHead id="audit" title={text('status.audit')} note={text('status.audit.note')} />
      {audit === null ? (
        <>
          <p>{text('status.audit.none')}</p>
          <div class="commands">
            <Code name={text('status.audit.command')} code={`npm run audit -- --url ${origin}`} />
          </div>
        </>
      ) : (
        <Figures
          figures={[
            [
              text('status.audit.checked'),
              <time key="checked" dateTime={audit.checked_at} title={formatters.instant(audit.checked_at)}>
                {formatters.ago(audit.checked_at, asOf)}
              </time>,
            ],
            [text('status.audit.users'), formatters.number(audit.users)],
            [text('status.audit.boards'), formatters.number(audit.boards)],
            [text('status.audit.drift'), formatters.number(audit.drift)],
            [
              text('status.audit.last-drift'),
              audit.last_drift_at ? formatters.dayAt(audit.last_drift_at) : text('status.never'),
            ],
          ]}
        />
      )}
    </section>
  )
}
