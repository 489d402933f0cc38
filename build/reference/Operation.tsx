import type { OpenApiDocument, OperationObject, Parameter } from '../openapi/openApi.ts'
import { problems, type ProblemName } from '../../src/http/problem.ts'
import { Fields } from './Fields.tsx'
import { Inline, Prose } from './Prose.tsx'
import type { PlacedOperation } from './operations.ts'
import { Requests } from './Requests.tsx'
import { limitsOf, schemaText } from './schemaText.tsx'

const places = { path: 'in the path', query: '', header: 'header' } as const

const parameterLimits = ({ required, schema, in: place }: Parameter): string[] => [
  ...limitsOf(schema),
  ...(schema.default === undefined ? [] : [`default ${schema.default}`]),
  ...(places[place] === '' ? [] : [places[place]]),
  ...(required && place !== 'path' ? ['required'] : []),
]

const Parameters = ({ parameters }: { parameters: readonly Parameter[] }) =>
  parameters.length === 0 ? null : (
    <>
      <h4>Parameters</h4>
      <dl class="properties">
        {parameters.map((parameter) => (
          <div key={parameter.name} class="property">
            <dt>
              <code class="property-name">{parameter.name}</code>{' '}
              <span class="property-type">{schemaText(parameter.schema)}</span>
              {parameterLimits(parameter).map((word) => (
                <span key={word} class="property-limit">
                  {word}
                </span>
              ))}
            </dt>
            <dd>
              <Inline text={parameter.description} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  )

/** The name of the problem that a response refers to; undefined for other responses. */
const problemIn = (response: OperationObject['responses'][string]): ProblemName | undefined => {
  const name = '$ref' in response ? response.$ref.split('/').at(-1) : undefined
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

const Responses = ({ operation, csvPath }: { operation: OperationObject; csvPath: string | undefined }) => {
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
          </p>
          {!schema.description && !schema.$ref && !schema['x-each-line'] && <Fields schema={schema} />}
        </div>
      ))}
      {csvPath && (
        <p class="soft">
          For CSV, send <code>Accept: text/csv</code> or request <code>{csvPath}</code>
        </p>
      )}
    </>
  )
}

interface OperationProps {
  placed: PlacedOperation
  document: OpenApiDocument
}

/** One operation: its description, parameters, responses, and requests to copy. */
export const Operation = ({ placed, document }: OperationProps) => {
  const { path, method, operation } = placed
  const csvPath = `${path}.csv` in document.paths ? `${path}.csv` : undefined
  const message = operation.requestBody?.content['application/json']?.schema
  return (
    <section
      class="operation panel"
      id={operation.operationId}
      aria-labelledby={`${operation.operationId}-title`}
    >
      <header>
        <h3 id={`${operation.operationId}-title`}>
          <a href={`#${operation.operationId}`}>{operation.summary}</a>
        </h3>
        <p class="address">
          <span class="method">{method.toUpperCase()}</span> <code>{path}</code>
        </p>
      </header>
      <Prose text={operation.description} />
      <div class="two-sides">
        <div>
          <Parameters parameters={operation.parameters} />
          {message && (
            <>
              <h4>Body</h4>
              <p>
                <code>application/json</code>: {schemaText(message)}
              </p>
            </>
          )}
          <Responses operation={operation} csvPath={csvPath} />
          <Problems operation={operation} />
        </div>
        <div class="requests">
          <h4>{operation.requestBody ? 'Example messages' : 'Example requests'}</h4>
          <Requests placed={placed} />
        </div>
      </div>
    </section>
  )
}
