import { boards } from '../../definitions/definitions.ts'
import type { DashboardState } from '../dashboard/dashboardState.ts'
import { listAddress, parseProfile } from '../profile/profileState.ts'

const ruleOf = (board: string) => boards.find((each) => each.board === board)

/**
 * Whether a user's list at `listBehind` has exactly the contributions that the board counts. A list cannot be limited to
 * several types, to the default locale, or to other people's content.
 */
export const isListExact = ({ board }: Pick<DashboardState, 'board'>): boolean => {
  const rule = ruleOf(board)
  return rule?.types.length === 1 && rule.countsSelf && rule.locale === 'any'
}

/** The address that lists a user's contributions in the board's time, with its filters, and of its type if it has only one. */
export const listBehind = (id: number, state: DashboardState): string => {
  const { board, window, period, timeZone, lang, product, locale } = state
  const [type, ...others] = ruleOf(board)?.types ?? []
  const time = period === undefined ? { window } : { period }
  const change = { type: others.length === 0 ? type : undefined, ...time, product, locale }
  return listAddress(id, { ...parseProfile(''), timeZone, lang }, change)
}
