const grouped = new Intl.NumberFormat('en', { useGrouping: 'min2' })

/**
 * A count that is read the same in every locale: "9876", "12 345". Five digits and more are in groups of three, with a
 * narrow no-break space between them (ISO 80000-1 section 7.3.1).
 */
export const formatCount = (count: number): string => grouped.format(count).replaceAll(',', '\u202f')
