import type { BoardEntry } from '../asking/answers.ts'
import { Person } from '../parts/Person.tsx'
import type { Writer } from '../writing.ts'

interface BoardTableProps {
  caption: string
  entries: readonly BoardEntry[]
  /** The user whose neighbours these are, who is marked. */
  around: number | undefined
  isBusy: boolean
  writer: Writer
}

/** A count as a bar, beside the largest that is shown. */
const Bar = ({ count, most }: { count: number; most: number }) => (
  <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-track" width="100" height="4" />
    <rect class="bar-value" width={Math.max(1, (100 * count) / Math.max(1, most))} height="4" />
  </svg>
)

/** A part of a board: rank, user, count. */
export const BoardTable = ({ caption, entries, around, isBusy, writer }: BoardTableProps) => {
  const most = Math.max(...entries.map(({ count }) => count))
  return (
    <table class="board" aria-busy={isBusy}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" class="numeric rank">
            Rank
          </th>
          <th scope="col">Contributor</th>
          <th scope="col" class="numeric count">
            Count
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ rank, user, count, last_contribution_at: last }) => (
          <tr key={user.id} aria-current={user.id === around ? 'true' : undefined}>
            <td class="numeric rank">{writer.number(rank)}</td>
            <td>
              <Person user={user}>last on {writer.dayAt(last)}</Person>
            </td>
            <td class="numeric count">
              {writer.number(count)}
              <Bar count={count} most={most} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
