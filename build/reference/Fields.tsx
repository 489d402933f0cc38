import type { Schema } from '../openapi/openApi.ts'
import { Inline } from './Prose.tsx'
import { limitsOf, schemaText } from './schemaText.tsx'

/** The objects that a schema defines inline: itself, or in its items or alternatives. */
const objectsIn = (schema: Schema): Schema[] => {
  if (schema.properties) return [schema]
  const within = schema.anyOf ?? schema.oneOf ?? (schema.items ? [schema.items] : [])
  return within.flatMap(objectsIn)
}

const Field = ({ name, schema, isOptional }: { name: string; schema: Schema; isOptional: boolean }) => (
  <div class="property">
    <dt>
      <code class="property-name">{name}</code> <span class="property-type">{schemaText(schema)}</span>
      {[...limitsOf(schema), ...(isOptional ? ['optional'] : [])].map((word) => (
        <span key={word} class="property-limit">
          {word}
        </span>
      ))}
    </dt>
    <dd>
      {schema.description && <Inline text={schema.description} />}
      <InlineObjects schema={schema} />
    </dd>
  </div>
)

/** The fields of the objects that a schema defines inline; several objects are alternatives. */
const InlineObjects = ({ schema }: { schema: Schema }) => {
  const objects = objectsIn(schema)
  return (
    <>
      {objects.map((object, index) => (
        <dl key={index} class={objects.length > 1 ? 'properties alternative' : 'properties'}>
          {Object.entries(object.properties ?? {}).map(([name, property]) => (
            <Field
              key={name}
              name={name}
              schema={property}
              isOptional={object.required?.includes(name) !== true}
            />
          ))}
        </dl>
      ))}
    </>
  )
}

/** A schema's fields, or its type in one line. */
export const Fields = ({ schema }: { schema: Schema }) =>
  objectsIn(schema).length > 0 ? (
    <InlineObjects schema={schema} />
  ) : (
    <p class="property-type">{schemaText(schema)}</p>
  )
