import { parsePeriod } from '../../contributions/calendar.ts'
import { useTexts } from '../texts/texts.ts'
import { unusedIn, type ParametersOf } from './queryString.ts'

/** The longest part of an address that is shown. */
const shownMax = 60

const shorten = (text: string): string => (text.length > shownMax ? `${text.slice(0, shownMax)}…` : text)

interface UnusedProps {
  /** The query of the page's address. */
  search: string
  parametersOf: ParametersOf
}

/** Says which parameters of the address the page cannot use, so that readers do not mistake its defaults for what they asked for. */
export const Unused = ({ search, parametersOf }: UnusedProps) => {
  const { text } = useTexts()
  const unused = unusedIn(search, parametersOf)
  if (unused.length === 0) return null
  const parameters = unused.map(([name, value]) => shorten(`${name}=${value}`)).join(', ')
  const isPeriodWrong = unused.some(([name, value]) => name === 'period' && parsePeriod(value) === undefined)
  return (
    <p class="notice" role="status">
      {text('address.unused', { parameters })}
      {isPeriodWrong && ` ${text('address.period')}`}
    </p>
  )
}
