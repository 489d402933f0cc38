import { useEffect, useState } from 'preact/hooks'
import { useTexts } from '../texts/texts.ts'

interface TimeZoneProps {
  id: string
  value: string
}

interface Zones {
  own: string | undefined
  all: readonly string[]
}

/** The visitor's own time zone and all that the browser knows; both are empty until the page is hydrated. */
const useZones = (): Zones => {
  const [zones, setZones] = useState<Zones>({ own: undefined, all: [] })
  useEffect(() => {
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
    setZones({ own, all: Intl.supportedValuesOf('timeZone') })
  }, [])
  return zones
}

/** Selects the time zone that days are counted in, and submits its form when that changes. */
export const TimeZone = ({ id, value }: TimeZoneProps) => {
  const { text } = useTexts()
  const { own, all } = useZones()
  const first = [...new Set(['UTC', ...(own ? [own] : []), value])]
  const rest = all.filter((zone) => !first.includes(zone))
  return (
    <select
      id={id}
      name="time_zone"
      value={value}
      onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
    >
      {[...first, ...rest].map((zone) => (
        <option key={zone} value={zone} selected={zone === value}>
          {zone === own && zone !== 'UTC' ? text('zone.own', { zone }) : zone}
        </option>
      ))}
    </select>
  )
}
