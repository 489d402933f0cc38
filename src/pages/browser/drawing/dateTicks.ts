const daySeconds = 86_400

/** The possible numbers of days, or of months, between two ticks. */
const daySteps = [1, 2, 7, 14]
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120]
const longestMonthStep = 240

const monthNumber = (second: number): number => {
  const date = new Date(second * 1000)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

const monthTicks = (from: number, to: number, most: number): number[] => {
  const months = monthNumber(to) - monthNumber(from)
  const step = monthSteps.find((candidate) => months / candidate <= most) ?? longestMonthStep
  const ticks: number[] = []
  for (let month = Math.ceil(monthNumber(from) / step) * step; ; month += step) {
    const tick = Date.UTC(Math.floor(month / 12), month % 12) / 1000
    if (tick > to) return ticks
    if (tick >= from) ticks.push(tick)
  }
}

/**
 * The ticks of a time axis between two instants, in seconds: UTC midnights a fixed number of days apart, or the first
 * days of months if those would be more than `most`. There may be one more than `most`.
 */
export const dateTicks = (from: number, to: number, most: number): number[] => {
  const step = daySteps.find((candidate) => (to - from) / daySeconds / candidate <= most)
  if (step === undefined) return monthTicks(from, to, most)
  const first = Math.ceil(from / daySeconds) * daySeconds
  const count = Math.floor((to - first) / daySeconds / step) + 1
  return Array.from({ length: Math.max(count, 0) }, (_, index) => first + index * step * daySeconds)
}

/** Labels for ticks: month and year if all are first days of a month, otherwise month and day. */
export const nameTicks = (language: string, ticks: readonly number[]): string[] => {
  const isMonthly = ticks.every((tick) => new Date(tick * 1000).getUTCDate() === 1)
  const format = new Intl.DateTimeFormat(language, {
    ...(isMonthly ? { year: 'numeric' } : { day: 'numeric' }),
    month: 'short',
    timeZone: 'UTC',
  })
  return ticks.map((tick) => format.format(tick * 1000))
}
