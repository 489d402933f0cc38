/** Rows as D1 and Durable Objects count and bill them. */
export interface Rows {
  d1Read: number
  d1Written: number
  objectRead: number
  objectWritten: number
}

export const noRows: Rows = { d1Read: 0, d1Written: 0, objectRead: 0, objectWritten: 0 }

/** Returns `more + times * rows`. */
export const addRows = (more: Rows, rows: Rows, times = 1): Rows => ({
  d1Read: more.d1Read + rows.d1Read * times,
  d1Written: more.d1Written + rows.d1Written * times,
  objectRead: more.objectRead + rows.objectRead * times,
  objectWritten: more.objectWritten + rows.objectWritten * times,
})
