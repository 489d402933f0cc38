import type { IgnoredReason } from '../contributions/contribution.ts'
import { nothing, type LogInput, type Appended } from '../log/append.ts'
import type { Message } from './message.ts'

/** The outcome of one item of a message. */
export type ItemResult =
  | { status: 'recorded' | 'duplicate' | 'conflict'; position: number }
  | { status: 'ignored'; reason: IgnoredReason }
  | { status: 'applied' | 'unchanged' }

type CreatedItem = Extract<Message, { type: 'contribution.created' }>['items'][number]

const ignoredReason = (item: CreatedItem, systemUsers: ReadonlySet<number>): IgnoredReason | undefined => {
  if (item.spam) return 'spam'
  return systemUsers.has(item.contribution.userId) ? 'system_account' : undefined
}

/** What a message appends to the log. */
export const logInputOf = (message: Message, systemUsers: ReadonlySet<number>): LogInput => {
  switch (message.type) {
    case 'contribution.created': {
      const kept = message.items.filter((item) => ignoredReason(item, systemUsers) === undefined)
      return {
        ...nothing,
        contributions: kept.map(({ contribution }) => contribution),
        contributors: message.items.map(({ contributor }) => contributor),
      }
    }
    case 'contribution.retracted':
    case 'contribution.restored':
      return { ...nothing, corrections: message.items }
    case 'user.updated':
    case 'user.erased':
      return { ...nothing, users: message.items }
    case 'coverage.declared':
      return { ...nothing, declarations: message.items }
    case 'content.deleted':
      return nothing
  }
}

const whetherNew = (fresh: boolean): ItemResult => ({ status: fresh ? 'applied' : 'unchanged' })

/** One result per item of a message, in order. */
export const resultsOf = (
  message: Message,
  systemUsers: ReadonlySet<number>,
  appended: Appended,
): ItemResult[] => {
  switch (message.type) {
    case 'contribution.created': {
      const verdicts = appended.contributions.values()
      return message.items.map((item) => {
        const reason = ignoredReason(item, systemUsers)
        if (reason !== undefined) return { status: 'ignored', reason }
        const verdict = verdicts.next().value
        if (verdict === undefined) throw new Error('The log gave no verdict on a contribution')
        return verdict
      })
    }
    case 'contribution.retracted':
    case 'contribution.restored':
      return appended.corrections.map(whetherNew)
    case 'user.updated':
    case 'user.erased':
      return appended.users.map(whetherNew)
    case 'coverage.declared':
      return appended.declarations.map(whetherNew)
    case 'content.deleted':
      return message.items.map(() => ({ status: 'ignored', reason: 'content_deletion' }))
  }
}
