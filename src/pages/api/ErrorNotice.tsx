import { useTexts, type Texts } from '../texts/texts.ts'
import type { ApiProblem } from './fetchApi.ts'

/** Why the API did not answer. Temporary problems have texts of their own; any other is shown as the API words it. */
export const reasonOf = ({ status, detail }: ApiProblem, { text }: Texts): string => {
  if (status === 0) return text('notice.offline')
  if (status === 429) return text('notice.too-many-requests')
  return status >= 500 ? text('notice.unavailable') : `${detail}.`
}

interface ErrorNoticeProps {
  problem: ApiProblem
  /** Retries immediately. */
  retry?: () => void
  /** The instant, as readers write it, of the numbers that are still shown; undefined if there are none. */
  shown?: string | undefined
}

/** Says why the API did not answer and when the page will retry, with a button to retry immediately. */
export const ErrorNotice = ({ problem, retry, shown }: ErrorNoticeProps) => {
  const texts = useTexts()
  const seconds = problem.retryAfterSeconds
  return (
    <p class="error-notice" role="status">
      {reasonOf(problem, texts)}
      {seconds !== undefined && ` ${texts.text('notice.retry', { seconds })}`}
      {shown !== undefined && ` ${texts.text('notice.shown', { time: shown })}`}
      {seconds !== undefined && retry && (
        <>
          {' '}
          <button type="button" onClick={retry}>
            {texts.text('notice.retry-now')}
          </button>
        </>
      )}
    </p>
  )
}
