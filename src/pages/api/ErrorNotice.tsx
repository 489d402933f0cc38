import type { ApiProblem } from './fetchApi.ts'

/** Says kindly that an answer is missing, why, and whether it is being asked for again. */
export const ErrorNotice = ({ refused }: { refused: ApiProblem }) => (
  <p class="trouble" role="status">
    {refused.detail}.{' '}
    {refused.retryAfterSeconds !== undefined &&
      `This page asks again by itself, in ${refused.retryAfterSeconds} s.`}
  </p>
)
