import type { Media, OperationObject } from '../openapi/openApi.ts'
import { Code, Pre } from './Code.tsx'
import type { PlacedOperation } from './operations.ts'
import { exampleText, requestSamples, type Samples } from './samples.ts'

const mediaOf = ({ responses }: OperationObject): [mediaType: string, media: Media][] => {
  const response = responses['200']
  return response && 'content' in response ? Object.entries(response.content ?? {}) : []
}

/** The answer to an example; undefined if the document has none. */
export const responseTo = ({ operation }: PlacedOperation, example: string): unknown => {
  const found = mediaOf(operation).find(([, { examples }]) => examples?.[example])
  return found?.[1].examples?.[example]?.value
}

/** The answer to an example, in a disclosure element. `isOpen`: whether it is open at first. */
const Response = ({ value, name, isOpen }: { value: unknown; name: string; isOpen: boolean }) =>
  value === undefined ? null : (
    <details class="answer" open={isOpen}>
      <summary>
        Response<span class="visually-hidden">: {name}</span>
      </summary>
      <Pre text={exampleText(value)} />
    </details>
  )

/** The names of an operation's examples, in order. */
const namesOf = (operation: OperationObject): string[] => {
  const media = [...mediaOf(operation).map(([, each]) => each), ...operation.parameters]
  return [...new Set(media.flatMap(({ examples }) => Object.keys(examples ?? {})))]
}

interface Example {
  name: string
  samples: Samples | string
  response: unknown
}

/** Examples to copy, with their responses. All but the first are folded. */
export const Examples = ({ examples, isOpen }: { examples: readonly Example[]; isOpen: boolean }) =>
  examples.map(({ name, samples, response }, index) =>
    index === 0 ? (
      <div key={name} class="request">
        <Code name={name} samples={samples} />
        <Response name={name} value={response} isOpen={isOpen} />
      </div>
    ) : (
      <details key={name} class="request">
        <summary>{name}</summary>
        <Code name={name} samples={samples} isNamed />
        <Response name={name} value={response} isOpen={isOpen} />
      </details>
    ),
  )

/** Example requests of an operation. */
export const Requests = ({ placed }: { placed: PlacedOperation }) => {
  const names = namesOf(placed.operation)
  const examples = (names.length === 0 ? ['Now'] : names).map((name) => ({
    name,
    samples: requestSamples(placed, name),
    response: responseTo(placed, name),
  }))
  return <Examples examples={examples} isOpen />
}
