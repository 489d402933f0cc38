import { quote } from '../../http/problem.ts'
import { suggestionFor, type UnknownField } from '../../ingest/unknownFields.ts'

/** A name that no schema has in the place where a file has it. */
interface Ignored {
  count: number
  firstLine: number
  meant: string | undefined
}

const shownMax = 20

/** How many names are told apart: a file may have as many as it has fields. */
const namesMax = 1000

const number = new Intl.NumberFormat('en-US')

const times = (count: number): string => (count === 1 ? 'once' : `${number.format(count)} times`)

/** The unknown fields of a file, counted by name. Memory does not grow with the file. */
export class IgnoredFields {
  #count = 0
  #byName = new Map<string, Ignored>()

  add(line: number, field: UnknownField): void {
    this.#count += 1
    const name = quote(field.name)
    const known = this.#byName.get(name)
    if (known) known.count += 1
    else if (this.#byName.size < namesMax)
      this.#byName.set(name, { count: 1, firstLine: line, meant: suggestionFor(field) })
  }

  /** Lines to read, the most frequent name first; none without unknown fields. */
  describe(): string[] {
    if (this.#count === 0) return []
    const shown = [...this.#byName]
      .sort(([, left], [, right]) => right.count - left.count || left.firstLine - right.firstLine)
      .slice(0, shownMax)
    const rest = this.#count - shown.reduce((sum, [, { count }]) => sum + count, 0)
    return [
      `${number.format(this.#count)} unknown ${this.#count === 1 ? 'field' : 'fields'}, ignored:`,
      ...shown.map(([name, { count, firstLine, meant }]) => {
        const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
        return `  ${name} ${times(count)}, first on line ${firstLine}${hint}`
      }),
      ...(rest > 0 ? [`  … and ${number.format(rest)} more with other names`] : []),
    ]
  }
}
