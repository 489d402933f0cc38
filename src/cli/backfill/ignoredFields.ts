import { quote } from '../../failure.ts'
import { suggestionFor, type UnknownField } from '../../ingest/unknownFields.ts'
import { counted, formatNumber } from '../console/format.ts'

/** An unknown field name. */
interface IgnoredName {
  count: number
  firstLine: number
  suggestion: string | undefined
}

const shownMax = 20

/** The maximum number of names counted individually: in the worst case, every field of a file has a different name. */
const namesMax = 1000

/** Counts the unknown fields of a file by name. Memory does not grow with the file. */
export class IgnoredFields {
  #count = 0
  #byName = new Map<string, IgnoredName>()

  add(line: number, field: UnknownField): void {
    this.#count += 1
    const name = quote(field.name)
    const known = this.#byName.get(name)
    if (known) known.count += 1
    else if (this.#byName.size < namesMax)
      this.#byName.set(name, { count: 1, firstLine: line, suggestion: suggestionFor(field) })
  }

  /** Lines of text, most frequent name first; empty if there are no unknown fields. */
  describe(): string[] {
    if (this.#count === 0) return []
    const shown = [...this.#byName]
      .sort(([, left], [, right]) => right.count - left.count || left.firstLine - right.firstLine)
      .slice(0, shownMax)
    const rest = this.#count - shown.reduce((sum, [, { count }]) => sum + count, 0)
    return [
      `${counted(this.#count, 'unknown field')}, ignored:`,
      ...shown.map(([name, { count, firstLine, suggestion }]) => {
        const times = count === 1 ? 'once' : counted(count, 'time')
        const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
        return `  ${name} ${times}, first on line ${firstLine}${hint}`
      }),
      ...(rest > 0 ? [`  … and ${formatNumber(rest)} more with other names`] : []),
    ]
  }
}
