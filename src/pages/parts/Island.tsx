import { hydrate, type ComponentType } from 'preact'

/** Where a script finds what it brings to life, and what the Worker knew when it rendered it. */
const place = 'island'
const facts = 'facts'

interface IslandProps<Props> {
  Part: ComponentType<Props>
  props: Props
}

/** A part of a page that script brings to life, with its props as data; every `<` in them is escaped. */
export const Island = <Props extends object>({ Part, props }: IslandProps<Props>) => (
  <>
    <div id={place}>
      <Part {...props} />
    </div>
    <script
      id={facts}
      type="application/json"
      dangerouslySetInnerHTML={{ __html: JSON.stringify(props).replaceAll('<', String.raw`\u003c`) }}
    />
  </>
)

/** In a browser: brings the island of this page to life, with the props that it was rendered with and some more. */
export const revive = <Props extends object>(Part: ComponentType<Props>, more: Partial<Props>): void => {
  const element = document.querySelector(`#${place}`)
  const text = document.querySelector(`#${facts}`)?.textContent
  if (!element || !text) throw new Error('Cannot find an island in this page')
  hydrate(<Part {...(JSON.parse(text) as Props)} {...more} />, element)
}
