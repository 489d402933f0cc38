import type { OpenApiDocument, Schema } from '../openapi/openApi.ts'
import { Fields } from './Fields.tsx'
import { Heading } from './Heading.tsx'
import type { PlacedOperation } from './operations.ts'
import { Inline } from './Prose.tsx'
import { Examples, responseTo } from './Requests.tsx'
import { exampleText } from './samples.ts'
import { resolve } from './schemaText.tsx'

/** A message type, its description, and the schema of one item of its `data`. */
interface MessageType {
  type: string
  description: string
  item: Schema
}

/** The ID of the section about a message type. */
export const messageAnchor = (type: string): string => `message-${type.replace('.', '-')}`

/** The message types that an operation accepts, in document order; empty for operations without messages. */
export const messageTypesOf = ({ operation }: PlacedOperation, document: OpenApiDocument): MessageType[] => {
  const schema = operation.requestBody?.content['application/json']?.schema
  const { oneOf = [] } = schema ? resolve(schema, document) : {}
  return oneOf.map((option) => {
    const { properties = {}, description = '' } = resolve(option, document)
    const { type, data } = properties
    return { type: String(type?.const), description, item: data?.anyOf?.[0] ?? {} }
  })
}

interface MessagesProps {
  placed: PlacedOperation
  document: OpenApiDocument
}

/** Every message type with its fields, and example messages beside them. */
export const Messages = ({ placed, document }: MessagesProps) => {
  const { operation } = placed
  const examples = Object.entries(operation.requestBody?.content['application/json']?.examples ?? {})
  return (
    <>
      {messageTypesOf(placed, document).map(({ type, description, item }) => (
        <section
          key={type}
          class="operation panel"
          id={messageAnchor(type)}
          aria-labelledby={`${messageAnchor(type)}-title`}
        >
          <header>
            <Heading level="h3" anchor={messageAnchor(type)} titleId={`${messageAnchor(type)}-title`}>
              <code>{type}</code>
            </Heading>
            <p>
              <Inline text={`${description}.`} />
            </p>
          </header>
          <div class="two-sides">
            <div>
              <h4>
                <code>data</code>: one of these, or an array of 1 to 1,000
              </h4>
              <Fields schema={item} document={document} depth={4} within={messageAnchor(type)} />
            </div>
            <div class="requests">
              <Examples
                examples={examples
                  .filter(([, { value }]) => (value as { type: string }).type === type)
                  .map(([name, { value }]) => ({
                    name,
                    samples: exampleText(value),
                    response: responseTo(placed, name),
                  }))}
                isOpen={false}
              />
            </div>
          </div>
        </section>
      ))}
    </>
  )
}
