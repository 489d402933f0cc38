import type { OpenApiDocument, Parameter } from '../openapi/openApi.ts'
import { Heading } from './Heading.tsx'
import { commonParametersOf, type PlacedOperation } from './operations.ts'
import { Inline } from './Prose.tsx'
import { limitsOf, schemaText } from './schemaText.tsx'

const places = { path: 'in the path', query: '', header: 'header' } as const

const parameterLimits = ({ required, schema, in: place }: Parameter): string[] => [
  ...limitsOf(schema),
  ...(schema.default === undefined ? [] : [`default ${schema.default}`]),
  ...(places[place] === '' ? [] : [places[place]]),
  ...(required && place !== 'path' ? ['required'] : []),
]

interface ExplainedProps {
  parameters: readonly Parameter[]
  /** What the ID of each parameter begins with. */
  within: string
  /** The words besides the type of a parameter. */
  limits?: (parameter: Parameter) => string[]
}

const Explained = ({ parameters, within, limits = parameterLimits }: ExplainedProps) => (
  <dl class="properties">
    {parameters.map((parameter) => (
      <div key={parameter.name} class="property" id={`${within}.${parameter.name}`}>
        <dt>
          <code class="property-name">{parameter.name}</code>{' '}
          <span class="property-type">{schemaText(parameter.schema)}</span>
          {limits(parameter).map((word) => (
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
)

/** The ID of the section about the parameters that several operations share, and the beginning of the ID of each. */
export const commonAnchor = 'common-parameters'

/** The parameters that several operations share. */
export const CommonParameters = ({ document }: { document: OpenApiDocument }) => {
  const common = commonParametersOf(document)
  const varying = new Set(common.filter(({ isUniform }) => !isUniform).map(({ name }) => name))
  return (
    <section class="common-parameters" id={commonAnchor} aria-labelledby={`${commonAnchor}-title`}>
      <Heading level="h2" anchor={commonAnchor} titleId={`${commonAnchor}-title`}>
        Common parameters
      </Heading>
      <p>Several endpoints share these parameters. Each endpoint names those that it takes.</p>
      <Explained
        parameters={common}
        within={commonAnchor}
        limits={(parameter) =>
          varying.has(parameter.name) ? ['default depends on the endpoint'] : parameterLimits(parameter)
        }
      />
    </section>
  )
}

interface ParametersProps {
  placed: PlacedOperation
  document: OpenApiDocument
}

/** The parameters of an operation. Those that it shares with others are named in one line. */
export const Parameters = ({ placed: { operation }, document }: ParametersProps) => {
  const { operationId: within, parameters } = operation
  const common = commonParametersOf(document)
  const sharedWith = ({ name, description, schema }: Parameter) =>
    common.find(
      (each) =>
        each.name === name &&
        each.description === description &&
        String(each.schema.enum) === String(schema.enum),
    )
  const own = parameters.filter((parameter) => !sharedWith(parameter))
  const shared = parameters.filter(sharedWith)
  if (parameters.length === 0) return null
  return (
    <>
      <h4>Parameters</h4>
      {own.length > 0 && <Explained parameters={own} within={within} />}
      {shared.length > 0 && (
        <div class="shared-parameters">
          <span>
            <a href={`#${commonAnchor}`}>Common</a>:
          </span>
          <ul>
            {shared.map((parameter) => (
              <li key={parameter.name} id={`${within}.${parameter.name}`}>
                <a href={`#${commonAnchor}.${parameter.name}`}>
                  <code>{parameter.name}</code>
                </a>
                {sharedWith(parameter)?.isUniform === false && (
                  <span class="soft"> ({parameterLimits(parameter).join(', ')})</span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
