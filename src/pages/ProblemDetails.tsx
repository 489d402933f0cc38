import { problems, type Problem } from '../http/problem.ts'

/** A problem in words: what is wrong, and where to go from here. */
export const ProblemDetails = ({ problem: { problem, detail } }: { problem: Problem }) => (
  <section class="refusal">
    <p class="eyebrow">{problems[problem].status}</p>
    <h1>{problems[problem].title}</h1>
    <p class="lead">{detail}.</p>
    <p>
      <a href="/">Go to the dashboard</a>
    </p>
  </section>
)
