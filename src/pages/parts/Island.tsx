import { hydrate, type ComponentType } from 'preact'

const elementId = 'island'
const propsId = 'props'

interface IslandProps<Props> {
  Part: ComponentType<Props>
  props: Props
}

/** A part of a page that becomes interactive in the browser, with its props as JSON; every `<` in them is escaped. */
export const Island = <Props extends object>({ Part, props }: IslandProps<Props>) => (
  <>
    <div id={elementId}>
      <Part {...props} />
    </div>
    <script
      id={propsId}
      type="application/json"
      dangerouslySetInnerHTML={{ __html: JSON.stringify(props).replaceAll('<', String.raw`\u003c`) }}
    />
  </>
)

/** In a browser: hydrates the island of this page with the props that it was rendered with and those in `more`. */
export const hydrateIsland = <Props extends object>(
  Part: ComponentType<Props>,
  more: Partial<Props>,
): void => {
  const element = document.querySelector(`#${elementId}`)
  const text = document.querySelector(`#${propsId}`)?.textContent
  if (!element || !text) throw new Error('Cannot find an island in this page')
  hydrate(<Part {...(JSON.parse(text) as Props)} {...more} />, element)
}
