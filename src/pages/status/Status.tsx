import { useMemo } from 'preact/hooks'
import { useQuery } from '../api/useQuery.ts'
import { formattersFor } from '../formatters.ts'
import { useTexts } from '../texts/texts.ts'
import { Coverage } from './Coverage.tsx'
import { Deliveries } from './Deliveries.tsx'
import { FirstSteps } from './FirstSteps.tsx'
import { LastAudit, LogFigures } from './LogFigures.tsx'
import { service, type ServiceView } from './statusQueries.ts'
import { Outage, Verdict } from './Verdict.tsx'

export interface StatusProps {
  /** What the Worker read when it rendered the page; undefined if that failed. */
  view: ServiceView | undefined
}

const refreshSeconds = 15

/** The status page: whether the service works, how far its log reaches, and what the operator should do next. */
export const Status = ({ view }: StatusProps) => {
  const { text, rich, language } = useTexts()
  const formatters = useMemo(() => formattersFor(language, 'UTC'), [language])
  const { body, problem, retry } = useQuery(service, view, refreshSeconds, view?.status.as_of)
  // Each failed request is a new problem, and failed just now.
  const failure = useMemo(() => problem && { problem, at: new Date().toISOString() }, [problem])
  const isAnswering = body !== undefined && !failure
  const asOf = isAnswering ? body.status.as_of : undefined
  return (
    <div class="dashboard">
      <header class="page-head">
        <h1>{text('status.title')}</h1>
        {asOf && (
          <p class="as-of soft">
            {rich('page.as-of', { time: <time dateTime={asOf}>{formatters.instant(asOf)}</time> })}
          </p>
        )}
      </header>
      {isAnswering ? (
        <Verdict view={body} formatters={formatters} />
      ) : (
        <Outage failure={failure} retry={retry} view={body} formatters={formatters} />
      )}
      {body && (
        <>
          {body.status.events === 0 && <FirstSteps />}
          <LogFigures status={body.status} formatters={formatters} />
          <div class="columns">
            <Coverage status={body.status} formatters={formatters} />
            <LastAudit status={body.status} formatters={formatters} />
          </div>
        </>
      )}
      <Deliveries formatters={formatters} />
    </div>
  )
}
