import { useTexts, type Texts } from '../texts/texts.ts'
import type { ApiProblem } from './fetchApi.ts'

/** Why the API did not answer, in words for the reader: a temporary reason by its kind, any other as the API gives it. */
const reasonOf = ({ status, detail }: ApiProblem, { text }: Texts): string => {
  if (status === 0) return text('notice.offline')
  if (status === 429) return text('notice.too-many-requests')
  return status >= 500 ? text('notice.unavailable') : `${detail}.`
}

interface ErrorNoticeProps {
  problem: ApiProblem
  /** Requests it again now. */
  retry?: () => void
}

/** Says why the API did not answer, and when the page tries again, with a button to try at once. */
export const ErrorNotice = ({ problem, retry }: ErrorNoticeProps) => {
  const texts = useTexts()
  const seconds = problem.retryAfterSeconds
  return (
    <p class="error-notice" role="status">
      {reasonOf(problem, texts)}
      {seconds !== undefined && ` ${texts.text('notice.retry', { seconds })}`}
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
