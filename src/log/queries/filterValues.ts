import { rowsOf, type Query } from '../database.ts'

/** A locale and a product to filter by; undefined for any. */
export interface Filter {
  locale: string | undefined
  product: string | undefined
}

/** Whether some event has this locale, and some event this product. Reads a row for each. */
export const readFilterKnown = (db: D1Database, { locale, product }: Filter): Query<boolean> => ({
  statements: [
    db
      .prepare(
        `SELECT EXISTS (SELECT 1 FROM filter_values WHERE field = 'locale' AND value = ?1) AS locale,
           EXISTS (SELECT 1 FROM filter_values WHERE field = 'product' AND value = ?2) AS product`,
      )
      .bind(locale ?? '', product ?? ''),
  ],
  read: ([result]) => {
    const [row] = rowsOf<{ locale: number; product: number }>(result)
    return (locale === undefined || row?.locale === 1) && (product === undefined || row?.product === 1)
  },
})
