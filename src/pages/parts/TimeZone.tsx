import { useEffect, useState } from 'preact/hooks'
import { useTexts } from '../texts/texts.ts'

/** Current names of zones that browsers list by names that the IANA database has replaced (file "backward"). */
const currentNames: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

const currentName = (zone: string): string => currentNames[zone] ?? zone

/** The UTC offset of a zone at an instant, such as `UTC+05:30`. */
const offsetOf = (timeZone: string, now: number): string =>
  new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(now)
    .find(({ type }) => type === 'timeZoneName')
    ?.value.replace('GMT', 'UTC') ?? ''

/** A time zone to select. */
export interface ZoneOption {
  zone: string
  /** The name with the current offset, such as `Asia/Kolkata (UTC+05:30)`. */
  label: string
  /** Whether it is the visitor's own. */
  isOwn: boolean
}

/**
 * The visitor's own zone, UTC and the selected zone, then all others by their current IANA names, in alphabetical
 * order.
 */
export const zoneOptions = (
  ownZone: string,
  selected: string,
  known: readonly string[],
  now: number,
): ZoneOption[] => {
  const own = currentName(ownZone)
  const rest = known.map(currentName).toSorted()
  return [...new Set([own, 'UTC', selected, ...rest])].map((zone) => ({
    zone,
    label: zone === 'UTC' ? zone : `${zone} (${offsetOf(zone, now)})`,
    isOwn: zone === own,
  }))
}

/** The options that the Worker renders, before the visitor's zone is known. */
const beforeHydration = (selected: string): ZoneOption[] =>
  [...new Set(['UTC', selected])].map((zone) => ({ zone, label: zone, isOwn: false }))

const useZones = (selected: string): ZoneOption[] => {
  const [zones, setZones] = useState(() => beforeHydration(selected))
  useEffect(() => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
    setZones(zoneOptions(timeZone, selected, Intl.supportedValuesOf('timeZone'), Date.now()))
  }, [selected])
  return zones
}

interface TimeZoneProps {
  id: string
  value: string
}

/** Selects the time zone of days, and submits its form on a change. */
export const TimeZone = ({ id, value }: TimeZoneProps) => {
  const { text } = useTexts()
  return (
    <select
      id={id}
      name="time_zone"
      value={value}
      onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
    >
      {useZones(value).map(({ zone, label, isOwn }) => (
        <option key={zone} value={zone} selected={zone === value}>
          {isOwn && zone !== 'UTC' ? text('zone.own', { zone: label }) : label}
        </option>
      ))}
    </select>
  )
}
