import type { Media, OperationObject } from '../openapi/openApi.ts'
import { exampleText, requestCommand, sendingScript } from './curl.ts'
import type { PlacedOperation } from './operations.ts'

const mediaOf = ({ responses }: OperationObject): [mediaType: string, media: Media][] => {
  const response = responses['200']
  return response && 'content' in response ? Object.entries(response.content ?? {}) : []
}

const responseTo = ({ operation }: PlacedOperation, example: string): unknown => {
  const found = mediaOf(operation).find(([, { examples }]) => examples?.[example])
  return found?.[1].examples?.[example]?.value
}

/** A text to copy. The page's script puts the button where `data-copy` is. */
const Code = ({ name, text }: { name: string; text: string }) => (
  <div class="code">
    <div class="code-head">
      <p class="eyebrow">{name}</p>
      <div class="code-copy" data-copy={name} />
    </div>
    <pre>
      <code>{text}</code>
    </pre>
  </div>
)

const Response = ({ value, name }: { value: unknown; name: string }) =>
  value === undefined ? null : (
    <details class="answer">
      <summary>
        Response<span class="visually-hidden">: {name}</span>
      </summary>
      <pre>
        <code>{exampleText(value)}</code>
      </pre>
    </details>
  )

/** The names of an operation's examples, in order. */
const namesOf = (operation: OperationObject): string[] => {
  const media = [...mediaOf(operation).map(([, each]) => each), ...operation.parameters]
  return [...new Set(media.flatMap(({ examples }) => Object.keys(examples ?? {})))]
}

/** Example messages: the first with the script that signs it, the others as bodies. */
const Messages = ({ placed }: { placed: PlacedOperation }) => {
  const { path, operation } = placed
  const media = operation.requestBody?.content['application/json']
  return (
    <>
      {Object.entries(media?.examples ?? {}).map(([name, { value }], index) => (
        <div key={name} class="request">
          <Code name={name} text={index === 0 ? sendingScript(path, value) : exampleText(value)} />
          <Response name={name} value={responseTo(placed, name)} />
        </div>
      ))}
    </>
  )
}

/** Example requests to copy, with their responses. */
export const Requests = ({ placed }: { placed: PlacedOperation }) => {
  const { operation } = placed
  if (operation.requestBody) return <Messages placed={placed} />
  const names = namesOf(operation)
  return (
    <>
      {(names.length === 0 ? ['Now'] : names).map((name) => (
        <div key={name} class="request">
          <Code name={name} text={requestCommand(placed, name)} />
          <Response name={name} value={responseTo(placed, name)} />
        </div>
      ))}
    </>
  )
}
