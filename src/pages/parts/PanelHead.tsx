import type { ComponentChildren } from 'preact'
import type { ApiAddress } from '../api/fetchApi.ts'
import { useTexts } from '../texts/texts.ts'

interface PanelHeadProps {
  /** The ID of the heading. */
  id?: string
  level?: 'h2' | 'h3'
  title: ComponentChildren
  note: ComponentChildren
  /** Whether screen readers announce heading and note when they change. */
  isAnnounced?: boolean
  /** The address of the panel's data. */
  data?: ApiAddress
  /** The number of rows in the CSV, if known. A CSV without rows is not offered. */
  rows?: number | undefined
}

/** The head of a panel: its heading, a note, and a link to download its data. */
export const PanelHead = ({
  id,
  level: Heading = 'h2',
  title,
  note,
  isAnnounced,
  data,
  rows,
}: PanelHeadProps) => {
  const { text } = useTexts()
  return (
    <div class="panel-head">
      <div role={isAnnounced ? 'status' : undefined}>
        <Heading id={id}>{title}</Heading>
        <p class="soft">{note}</p>
      </div>
      {data && rows !== 0 && (
        <a class="download" href={`${data.path}.csv${data.query}`} download>
          {rows === undefined ? 'CSV' : text('download.rows', { count: rows })}
        </a>
      )}
    </div>
  )
}
