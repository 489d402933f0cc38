import type { OpenApiDocument, Schema } from '../openapi/openApi.ts'
import { Inline } from './Prose.tsx'
import { limitsOf, resolve, schemaText } from './schemaText.tsx'

interface FieldsProps {
  schema: Schema
  document: OpenApiDocument
  /** How many levels of references are followed, by showing the fields of the referenced schema in place. */
  depth: number
}

/**
 * The object schemas in a schema: itself, or those in its items or alternatives. Empty for a reference that is not
 * followed.
 */
const objectsIn = (schema: Schema, document: OpenApiDocument, depth: number): Schema[] => {
  if (schema.$ref !== undefined)
    return depth > 0 ? objectsIn(resolve(schema, document), document, depth - 1) : []
  if (schema.properties) return [schema]
  const within = schema.anyOf ?? schema.oneOf ?? (schema.items ? [schema.items] : [])
  return within.flatMap((each) => objectsIn(each, document, depth))
}

interface FieldProps extends FieldsProps {
  name: string
  isOptional: boolean
}

const Field = ({ name, schema, isOptional, document, depth }: FieldProps) => (
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
      <Objects schema={schema} document={document} depth={depth} />
    </dd>
  </div>
)

/** The fields of the objects in a schema. Several objects are shown as alternatives. */
const Objects = ({ schema, document, depth }: FieldsProps) => {
  const objects = objectsIn(schema, document, depth)
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
              document={document}
              depth={depth - 1}
            />
          ))}
        </dl>
      ))}
    </>
  )
}

/** The fields of a schema, or its type if it has none. */
export const Fields = (props: FieldsProps) =>
  objectsIn(props.schema, props.document, props.depth).length > 0 ? (
    <Objects {...props} />
  ) : (
    <p class="property-type">{schemaText(props.schema)}</p>
  )
