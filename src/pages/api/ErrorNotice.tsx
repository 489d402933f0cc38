import type { ApiProblem } from './fetchApi.ts'

/** Says why the API did not answer, and when the page tries again. */
export const ErrorNotice = ({ problem: { detail, retryAfterSeconds } }: { problem: ApiProblem }) => (
  <p class="error-notice" role="status">
    {detail}.{retryAfterSeconds !== undefined && ` Retrying in ${retryAfterSeconds} s.`}
  </p>
)
