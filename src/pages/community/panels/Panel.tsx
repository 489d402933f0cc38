import type { ComponentChildren } from 'preact'
import { ErrorNotice } from '../../api/ErrorNotice.tsx'
import type { ApiAddress } from '../../api/fetchApi.ts'
import type { QueryState } from '../../api/useQuery.ts'
import { PanelHead } from '../../parts/PanelHead.tsx'
import { WithoutScript } from '../../parts/WithoutScript.tsx'
import type { CommunityState } from '../communityState.ts'
import type { Words } from '../intervalNames.ts'
import type { Span } from '../range.ts'

/** The props of the community page's panels. */
export interface PanelProps<Body> {
  view: QueryState<Body>
  state: CommunityState
  span: Span
  words: Words
}

interface FrameProps<Body> {
  words: Words
  id: string
  title: string
  note: ComponentChildren
  data: ApiAddress
  controls?: ComponentChildren
  view: QueryState<Body>
  isEmpty: (body: Body) => boolean
  /** Why the panel is empty, if there is more to say than that nothing matches. */
  emptyText?: string | undefined
  children: (body: Body) => ComponentChildren
}

/** The frame of a panel, whose data may be loading, failed or empty. */
export const Panel = <Body extends { as_of: string }>({
  id,
  data,
  view,
  words: { texts, formatters },
  isEmpty,
  emptyText,
  children,
  ...frame
}: FrameProps<Body>) => {
  const { text } = texts
  const { body, problem, retry } = view
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <PanelHead id={`${id}-title`} title={frame.title} note={frame.note} data={data} />
      {frame.controls}
      {problem && (
        <ErrorNotice problem={problem} retry={retry} shown={body && formatters.instant(body.as_of)} />
      )}
      {!body && !problem && <p class="waiting soft needs-script">{text('loading')}</p>}
      {!body && <WithoutScript sentence="community.without-script.panel" data={data} />}
      {body &&
        (isEmpty(body) ? <p class="waiting soft">{emptyText ?? text('community.empty')}</p> : children(body))}
    </section>
  )
}
