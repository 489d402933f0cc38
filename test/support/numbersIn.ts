/** How many numbers a value holds. */
export const numbersIn = (value: unknown): number => {
  if (typeof value === 'number') return 1
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, each) => sum + numbersIn(each), 0)
}
