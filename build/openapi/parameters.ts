import type { ZodMiniType } from 'zod/mini'
import type { Components } from './components.ts'
import type { Examples, Parameter } from './openApi.ts'
import type { Endpoint, Example } from '../../src/http/endpoint.ts'

type Place = Parameter['in']

/** The values of a parameter in an endpoint's examples, by example title. */
const valuesOf = (examples: Endpoint['examples'], place: Place, name: string): Examples => {
  const given = (example: Example): unknown => (place === 'header' ? undefined : example[place]?.[name])
  return Object.fromEntries(
    Object.entries(examples).flatMap(([title, example]) => {
      const value = given(example)
      return value === undefined ? [] : [[title, { value }]]
    }),
  )
}

const parametersIn = (
  place: Place,
  object: ZodMiniType | undefined,
  { examples }: Endpoint,
  components: Components,
): Parameter[] => {
  if (!object) return []
  const { properties = {}, required = [] } = components.schemaOf(object)
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property
    const values = valuesOf(examples, place, name)
    const parameter: Parameter = {
      name,
      in: place,
      required: required.includes(name),
      description: description ?? components.resolve(property).description ?? '',
      schema,
    }
    if (Object.keys(values).length > 0) parameter.examples = values
    return parameter
  })
}

/** The parameters of an endpoint: path, query, and the headers of a message. */
export const parametersOf = (endpoint: Endpoint, components: Components): Parameter[] => [
  ...parametersIn('path', endpoint.path, endpoint, components),
  ...parametersIn('query', endpoint.query, endpoint, components),
  ...parametersIn('header', endpoint.input?.headers, endpoint, components),
]
