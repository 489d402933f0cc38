import type { Schema } from '../../openapi/openApi.ts'
import { Words } from './Prose.tsx'
import { limitsOf, typeWords } from './typeWords.tsx'

/** Objects that stand right here, not by themselves: of a field, of the items of an array, of alternatives. */
const objectsIn = (schema: Schema): Schema[] => {
  if (schema.properties) return [schema]
  const within = schema.anyOf ?? schema.oneOf ?? (schema.items ? [schema.items] : [])
  return within.flatMap(objectsIn)
}

const Field = ({ name, schema, isOptional }: { name: string; schema: Schema; isOptional: boolean }) => (
  <div class="property">
    <dt>
      <code class="property-name">{name}</code> <span class="property-type">{typeWords(schema)}</span>
      {[...limitsOf(schema), ...(isOptional ? ['optional'] : [])].map((word) => (
        <span key={word} class="property-limit">
          {word}
        </span>
      ))}
    </dt>
    <dd>
      {schema.description && <Words text={schema.description} />}
      <Within schema={schema} />
    </dd>
  </div>
)

/** The fields of the objects in a schema; several objects are alternatives. */
const Within = ({ schema }: { schema: Schema }) => {
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

/** A schema as people read it: its fields, or in one line what it is. */
export const Fields = ({ schema }: { schema: Schema }) =>
  objectsIn(schema).length > 0 ? <Within schema={schema} /> : <p class="property-type">{typeWords(schema)}</p>
