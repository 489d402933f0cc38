import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useTexts, type Texts } from '../texts/texts.ts'
import type { ApiProblem } from './fetchApi.ts'

/** Why the API did not answer. Temporary problems have texts of their own; any other is shown as the API words it. */
export const reasonOf = ({ status, detail }: ApiProblem, { text }: Texts): string => {
  if (status === 0) return text('notice.offline')
  if (status === 429) return text('notice.too-many-requests')
  return status >= 500 ? text('notice.unavailable') : `${detail}.`
}

interface Notice {
  element: Element
  reason: string
  retry: () => void
  setFirst: (isFirst: boolean) => void
}

/** The notices on the page. */
const notices = new Set<Notice>()

/** Tells each notice whether it is the first on the page with its reason. */
const compareNotices = (): void => {
  const reasons = new Set<string>()
  const inOrder = [...notices].toSorted((one, other) =>
    one.element.compareDocumentPosition(other.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  )
  for (const { reason, setFirst } of inOrder) {
    setFirst(!reasons.has(reason))
    reasons.add(reason)
  }
}

/** Adds a notice to those on the page. Returns whether it is the first with its reason, and a ref for its element. */
const useFirst = (reason: string, retry: () => void) => {
  const ref = useRef<HTMLParagraphElement>(null)
  const latestRetry = useRef(retry)
  latestRetry.current = retry
  const [isFirst, setFirst] = useState(true)
  useLayoutEffect(() => {
    if (!ref.current) return undefined
    const notice = { element: ref.current, reason, retry: () => latestRetry.current(), setFirst }
    notices.add(notice)
    compareNotices()
    return () => {
      notices.delete(notice)
      compareNotices()
    }
  }, [reason])
  return { isFirst, ref }
}

interface ErrorNoticeProps {
  problem: ApiProblem
  /** Retries immediately. */
  retry: () => void
  /** The instant, as readers write it, of the numbers that are still shown; undefined if there are none. */
  shown: string | undefined
}

/**
 * Says why the API did not answer and when the page will retry, with a button to retry immediately. The reason is given
 * once on a page: where it is the same again, the notice says only what it means for its panel. The button of the first
 * retries for all of them.
 */
export const ErrorNotice = ({ problem, retry, shown }: ErrorNoticeProps) => {
  const texts = useTexts()
  const { text } = texts
  const reason = reasonOf(problem, texts)
  const { isFirst, ref } = useFirst(reason, retry)
  const seconds = problem.retryAfterSeconds
  const retryAll = (): void => {
    for (const notice of notices) if (notice.reason === reason) notice.retry()
  }
  const sentences = [
    ...(isFirst ? [reason] : []),
    ...(isFirst && seconds !== undefined ? [text('notice.retry', { seconds })] : []),
    ...(shown === undefined ? [] : [text('notice.shown', { time: shown })]),
    ...(isFirst || shown !== undefined ? [] : [text('notice.not-loaded')]),
  ]
  return (
    <p
      class={isFirst ? 'error-notice' : 'error-notice error-again'}
      role={isFirst ? 'status' : undefined}
      ref={ref}
    >
      {sentences.join(' ')}
      {seconds !== undefined && (
        <>
          {' '}
          <button type="button" onClick={isFirst ? retryAll : retry}>
            {text('notice.retry-now')}
          </button>
        </>
      )}
    </p>
  )
}
