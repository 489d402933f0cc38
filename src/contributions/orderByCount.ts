/** Counts up to this are ordered by a counting sort; the few larger ones by comparison. */
const countedUpTo = 65_535

/** The slots that are not excluded, by descending count, then by slot. Takes time linear in the number of slots. */
export const orderByCount = (counts: Int32Array, excluded: Uint8Array): Uint32Array => {
  const large: number[] = []
  const highest = Math.min(
    countedUpTo,
    counts.reduce((most, count) => Math.max(most, count), 0),
  )
  const starts = new Uint32Array(highest + 1)
  let total = 0
  for (let slot = 0; slot < counts.length; slot += 1) {
    if (excluded[slot] === 1) continue
    total += 1
    const count = counts[slot] ?? 0
    if (count > highest) large.push(slot)
    else starts[count] = (starts[count] ?? 0) + 1
  }
  large.sort((left, right) => (counts[right] ?? 0) - (counts[left] ?? 0) || left - right)
  let start = large.length
  for (let count = highest; count >= 0; count -= 1) {
    const size = starts[count] ?? 0
    starts[count] = start
    start += size
  }
  const order = new Uint32Array(total)
  order.set(large)
  for (let slot = 0; slot < counts.length; slot += 1) {
    const count = counts[slot] ?? 0
    if (excluded[slot] === 1 || count > highest) continue
    const index = starts[count] ?? 0
    starts[count] = index + 1
    order[index] = slot
  }
  return order
}
