import type { OpenApiDocument, OperationObject } from '../openapi/openApi.ts'
import { typeOfProblem } from '../openapi/problems.ts'
import { csvType } from '../openapi/responses.ts'
import { problems, type ProblemName } from '../../src/http/problem.ts'
import { FoldedFields } from './Fields.tsx'
import { Heading } from './Heading.tsx'
import { messageAnchor, messageTypesOf } from './Messages.tsx'
import type { PlacedOperation } from './operations.ts'
import { Parameters } from './Parameters.tsx'
import { Inline, Prose } from './Prose.tsx'
import { Examples, Requests, responseTo } from './Requests.tsx'
import { sendingSamples } from './samples.ts'
import { schemaText } from './schemaText.tsx'

/** The name of the problem that a response refers to or contains; undefined for other responses. */
const problemIn = (response: OperationObject['responses'][string]): ProblemName | undefined => {
  const type = '$ref' in response ? response.$ref : typeOfProblem(response)
  const name = type?.split('/').at(-1)
  return (Object.keys(problems) as ProblemName[]).find((candidate) => candidate === name)
}

const Problems = ({ operation }: { operation: OperationObject }) => (
  <>
    <h4>Problems</h4>
    <ul class="problems">
      {Object.values(operation.responses).flatMap((response) => {
        const name = problemIn(response)
        return name === undefined
          ? []
          : [
              <li key={name}>
                <a href={`/problems/${name}`}>
                  <span class="soft">{problems[name].status}</span> {name}
                </a>
              </li>,
            ]
      })}
    </ul>
  </>
)

interface ResponsesProps {
  operation: OperationObject
  csvPath: string | undefined
  document: OpenApiDocument
}

/** What a successful answer contains. Its fields are folded: the example beside them shows them, too. */
const Responses = ({ operation, csvPath, document }: ResponsesProps) => {
  const response = operation.responses['200']
  const contents = response && 'content' in response ? Object.entries(response.content ?? {}) : []
  return (
    <>
      <h4>Response</h4>
      {contents.map(([mediaType, { schema }]) => (
        <div key={mediaType} class="media">
          <p>
            <code>{mediaType}</code>
            {schema['x-each-line'] ? ', where each line is ' : ': '}
            {schema.description ? (
              <Inline text={schema.description} />
            ) : (
              schemaText(schema['x-each-line'] ?? schema)
            )}
            {csvPath && mediaType === csvType && (
              <>
                . Send <code>Accept: text/csv</code>, or request <code>{csvPath}</code>
              </>
            )}
          </p>
          {mediaType !== csvType && (
            <FoldedFields
              schema={schema['x-each-line'] ?? schema}
              document={document}
              depth={1}
              within={`${operation.operationId}.response`}
              of={mediaType}
            />
          )}
        </div>
      ))}
    </>
  )
}

/** Samples that sign and send the first example message, and the answer. */
const FirstMessage = ({ placed }: { placed: PlacedOperation }) => {
  const examples = placed.operation.requestBody?.content['application/json']?.examples ?? {}
  const [name = '', example] = Object.entries(examples)[0] ?? []
  const first = {
    name,
    samples: sendingSamples(placed.path, example?.value),
    response: responseTo(placed, name),
  }
  return <Examples examples={[first]} isOpen />
}

interface OperationProps {
  placed: PlacedOperation
  document: OpenApiDocument
}

/** One operation: its description, parameters, responses, and requests to copy. */
export const Operation = ({ placed, document }: OperationProps) => {
  const { path, method, operation } = placed
  const csvPath = `${path}.csv` in document.paths ? `${path}.csv` : undefined
  const messages = messageTypesOf(placed, document)
  return (
    <section
      class="operation panel"
      id={operation.operationId}
      aria-labelledby={`${operation.operationId}-title`}
    >
      <header>
        <Heading level="h3" anchor={operation.operationId} titleId={`${operation.operationId}-title`}>
          {operation.summary}
        </Heading>
        <p class="address">
          <span class="method">{method.toUpperCase()}</span> <code>{path}</code>
        </p>
      </header>
      <Prose text={operation.description} />
      <div class="two-sides">
        <div>
          <Parameters placed={placed} document={document} />
          {messages.length > 0 && (
            <>
              <h4>Body</h4>
              <p>
                <code>application/json</code>: <code>type</code>, <code>timestamp</code> and <code>data</code>
                , as described for each type of message:
              </p>
              <ul class="message-types">
                {messages.map(({ type }) => (
                  <li key={type}>
                    <a href={`#${messageAnchor(type)}`}>
                      <code>{type}</code>
                    </a>
                  </li>
                ))}
              </ul>
            </>
          )}
          <Responses operation={operation} csvPath={csvPath} document={document} />
          <Problems operation={operation} />
        </div>
        <div class="requests">
          {messages.length > 0 ? <FirstMessage placed={placed} /> : <Requests placed={placed} />}
        </div>
      </div>
    </section>
  )
}
