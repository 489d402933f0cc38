const grouped = new Intl.NumberFormat('en', { useGrouping: 'min2' })

/**
 * A count that nobody misreads, whatever they take for a decimal sign: exact, and from five digits on in groups of
 * three with a narrow no-break space between them (ISO 80000-1 section 7.3.1), like "9876" and "12 345".
 */
export const formatCount = (count: number): string => grouped.format(count).replaceAll(',', '\u202f')
