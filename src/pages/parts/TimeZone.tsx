import { useEffect, useState } from 'preact/hooks'

interface TimeZoneProps {
  id: string
  value: string
}

/** The visitor's own time zone and all others that the browser knows; on the server only those that are sure. */
const useZones = (): { own: string | undefined; all: readonly string[] } => {
  const [zones, setZones] = useState<{ own: string | undefined; all: readonly string[] }>({
    own: undefined,
    all: [],
  })
  useEffect(() => {
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
    setZones({ own, all: Intl.supportedValuesOf('timeZone') })
  }, [])
  return zones
}

/** Chooses the time zone that days are counted in; a choice submits its form. */
export const TimeZone = ({ id, value }: TimeZoneProps) => {
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
      {first.map((zone) => (
        <option key={zone} value={zone} selected={zone === value}>
          {zone === own && zone !== 'UTC' ? `${zone} (yours)` : zone}
        </option>
      ))}
      {rest.map((zone) => (
        <option key={zone} value={zone}>
          {zone}
        </option>
      ))}
    </select>
  )
}
