import type { Media, OperationObject } from '../openapi/openApi.ts'
import { Code, Pre } from './Code.tsx'
import type { PlacedOperation } from './operations.ts'
import { exampleText, requestSamples } from './samples.ts'

const mediaOf = ({ responses }: OperationObject): [mediaType: string, media: Media][] => {
  const response = responses['200']
  return response && 'content' in response ? Object.entries(response.content ?? {}) : []
}

/** The answer to an example; undefined if the document has none. */
export const responseTo = ({ operation }: PlacedOperation, example: string): unknown => {
  const found = mediaOf(operation).find(([, { examples }]) => examples?.[example])
  return found?.[1].examples?.[example]?.value
}

/** The answer to an example, in a disclosure element. */
export const Response = ({ value, name, isOpen }: { value: unknown; name: string; isOpen: boolean }) =>
  value === undefined ? null : (
    <details class="answer" open={isOpen}>
      <summary>
        Response<span class="visually-hidden">: {name}</span>
      </summary>
      <Pre text={exampleText(value)} name={`Response: ${name}`} />
    </details>
  )

/** The names of an operation's examples, in order. */
const namesOf = (operation: OperationObject): string[] => {
  const media = [...mediaOf(operation).map(([, each]) => each), ...operation.parameters]
  return [...new Set(media.flatMap(({ examples }) => Object.keys(examples ?? {})))]
}

/** Example requests to copy, with their responses. The first response is open. */
export const Requests = ({ placed }: { placed: PlacedOperation }) => {
  const names = namesOf(placed.operation)
  return (
    <>
      {(names.length === 0 ? ['Now'] : names).map((name, index) => (
        <div key={name} class="request">
          <Code name={name} samples={requestSamples(placed, name)} />
          <Response name={name} value={responseTo(placed, name)} isOpen={index === 0} />
        </div>
      ))}
    </>
  )
}
