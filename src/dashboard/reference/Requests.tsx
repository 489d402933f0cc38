import type { Media, OperationObject } from '../../http/openapi/openApi.ts'
import { Code } from './Code.tsx'
import { requestCommand, sendingScript, shown } from './curl.ts'
import type { PlacedOperation } from './operations.ts'

const answersOf = ({ responses }: OperationObject): [mediaType: string, media: Media][] => {
  const response = responses['200']
  return response && 'content' in response ? Object.entries(response.content ?? {}) : []
}

const answerTo = ({ operation }: PlacedOperation, example: string): unknown => {
  const found = answersOf(operation).find(([, { examples }]) => examples?.[example])
  return found?.[1].examples?.[example]?.value
}

const Answer = ({ value, name }: { value: unknown; name: string }) =>
  value === undefined ? null : (
    <details class="answer">
      <summary>
        What it answers<span class="visually-hidden">: {name}</span>
      </summary>
      <pre>
        <code>{shown(value)}</code>
      </pre>
    </details>
  )

/** The names of an operation's examples, in its order. */
const namesOf = (operation: OperationObject): string[] => {
  const media = [...answersOf(operation).map(([, each]) => each), ...operation.parameters]
  return [...new Set(media.flatMap(({ examples }) => Object.keys(examples ?? {})))]
}

/** Messages as they are sent: one with the script that signs it, the others as their bodies. */
const Messages = ({ placed }: { placed: PlacedOperation }) => {
  const { path, operation } = placed
  const media = operation.requestBody?.content['application/json']
  return (
    <>
      {Object.entries(media?.examples ?? {}).map(([name, { value }], index) => (
        <div key={name} class="request">
          <Code name={name} text={index === 0 ? sendingScript(path, value) : shown(value)} />
          <Answer name={name} value={answerTo(placed, name)} />
        </div>
      ))}
    </>
  )
}

/** What to send, ready to be copied, and what it answers. */
export const Requests = ({ placed }: { placed: PlacedOperation }) => {
  const { operation } = placed
  if (operation.requestBody) return <Messages placed={placed} />
  const names = namesOf(operation)
  return (
    <>
      {(names.length === 0 ? ['Now'] : names).map((name) => (
        <div key={name} class="request">
          <Code name={name} text={requestCommand(placed, name)} />
          <Answer name={name} value={answerTo(placed, name)} />
        </div>
      ))}
    </>
  )
}
