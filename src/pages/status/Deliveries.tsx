import { useEffect, useRef, useState } from 'preact/hooks'
import type { DeliveriesAnswer } from '../api/answers.ts'
import { readResponse, type ApiResult } from '../api/fetchApi.ts'
import type { Formatters } from '../formatters.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { Scrolled } from '../parts/Scrolled.tsx'
import { useTexts } from '../texts/texts.ts'

/** The columns of the table, in order: messages, then the outcomes of their items. */
const columns = [
  'messages',
  'refused',
  'recorded',
  'duplicate',
  'conflict',
  'ignored',
  'applied',
  'unchanged',
] as const

interface TableProps {
  answer: DeliveriesAnswer
  formatters: Formatters
}

const DayTable = ({ answer: { days, last_message_at: last, as_of: asOf }, formatters }: TableProps) => {
  const { text } = useTexts()
  if (last === null) return <p>{text('status.deliveries.none')}</p>
  return (
    <>
      <p role="status">{text('status.deliveries.last', { ago: formatters.ago(last, asOf) })}</p>
      <p class="soft">{text('status.deliveries.columns')}</p>
      <Scrolled label={text('status.deliveries')} isTall>
        <table class="delivery-days">
          <thead>
            <tr>
              <th scope="col">{text('table.date')}</th>
              {columns.map((column) => (
                <th key={column} scope="col" class="numeric">
                  {text(`status.deliveries.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.date}>
                <td>{formatters.day(day.date)}</td>
                {columns.map((column) => (
                  <td key={column} class={day[column] === 0 ? 'numeric none' : 'numeric'}>
                    {formatters.number(day[column])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </>
  )
}

const read = async (token: string): Promise<ApiResult<DeliveriesAnswer>> => {
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` }
  try {
    return await readResponse(await fetch('/v1/deliveries', { cache: 'no-store', headers }))
  } catch {
    return { ok: false, status: 0, detail: '', retryAfterSeconds: undefined }
  }
}

interface TokenFormProps {
  isBusy: boolean
  onToken: (token: string) => void
}

/** Asks for the operator's token. It is never part of an address, and the browser is asked not to store it. */
const TokenForm = ({ isBusy, onToken }: TokenFormProps) => {
  const { text } = useTexts()
  const [token, setToken] = useState('')
  return (
    <form
      class="dates"
      method="post"
      onSubmit={(event) => {
        event.preventDefault()
        onToken(token)
      }}
    >
      <label for="token">{text('status.token')}</label>
      <input
        id="token"
        type="password"
        value={token}
        onInput={({ currentTarget }) => setToken(currentTarget.value)}
        required
        autocomplete="off"
        spellcheck={false}
      />
      <button type="submit" disabled={isBusy}>
        {text('status.token.show')}
      </button>
    </form>
  )
}

/** The webhooks of each day, for readers who enter the operator's token. It is kept in memory until the page is left. */
export const Deliveries = ({ formatters }: { formatters: Formatters }) => {
  const { text } = useTexts()
  const [isHydrated, setHydrated] = useState(false)
  const [token, setToken] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [result, setResult] = useState<ApiResult<DeliveriesAnswer>>()
  const latest = useRef(0)
  useEffect(() => setHydrated(true), [])
  const load = async (typed: string): Promise<void> => {
    latest.current += 1
    const own = latest.current
    setBusy(true)
    setToken(typed)
    const answer = await read(typed)
    if (own !== latest.current) return
    setResult(answer)
    setBusy(false)
  }
  const forget = (): void => {
    latest.current += 1 // An answer that is still on its way is dropped.
    setBusy(false)
    setToken('')
    setResult(undefined)
  }
  const reason = (status: number): string => {
    if (status === 401) return text('status.token.wrong')
    if (status === 429) return text('notice.too-many-requests')
    return status === 0 ? text('notice.offline') : text('notice.unavailable')
  }
  return (
    <section class="panel" id="deliveries" aria-labelledby="deliveries-title" aria-busy={isBusy}>
      <PanelHead
        id="deliveries-title"
        title={text('status.deliveries')}
        note={text('status.deliveries.note')}
      />
      <noscript>
        <p class="soft">{text('status.deliveries.noscript')}</p>
        <pre>
          <code>{'curl -sS "$url/v1/deliveries" -H "authorization: Bearer $ADMIN_TOKEN"'}</code>
        </pre>
      </noscript>
      {isHydrated && !result?.ok && (
        <TokenForm isBusy={isBusy} onToken={(typed) => void load(typed.trim())} />
      )}
      {result?.ok === false && (
        <p class="error-notice" role="alert">
          {reason(result.status)}
        </p>
      )}
      {result?.ok && <DayTable answer={result.body} formatters={formatters} />}
      {result?.ok && (
        <p class="pages-links">
          <button type="button" onClick={() => void load(token)}>
            {text('status.token.refresh')}
          </button>
          <button type="button" onClick={forget}>
            {text('status.token.forget')}
          </button>
        </p>
      )}
    </section>
  )
}
