import type { OpenApiDocument, Schema } from '../openapi/openApi.ts'
import { Inline } from './Prose.tsx'
import { limitsOf, resolve, schemaText } from './schemaText.tsx'

interface FieldsProps {
  schema: Schema
  document: OpenApiDocument
  /** How many levels of references are followed, by showing the fields of the referenced schema in place. */
  depth: number
  /** What the ID of each field begins with. */
  within: string
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

const Field = ({ name, schema, isOptional, document, depth, within }: FieldProps) => (
  <div class="property" id={within}>
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
      <FoldedFields schema={schema} document={document} depth={depth} within={within} of={name} />
    </dd>
  </div>
)

/** The fields of the objects in a schema. Several objects are shown as alternatives. */
const Objects = ({ schema, document, depth, within }: FieldsProps) => {
  const objects = objectsIn(schema, document, depth)
  const isOne = objects.length === 1
  return objects.map((object, index) => (
    <dl key={index} class={isOne ? 'properties' : 'properties alternative'}>
      {Object.entries(object.properties ?? {}).map(([name, property]) => (
        <Field
          key={name}
          name={name}
          schema={property}
          isOptional={object.required?.includes(name) !== true}
          document={document}
          depth={depth - 1}
          within={`${within}${isOne ? '' : `.${index + 1}`}.${name}`}
        />
      ))}
    </dl>
  ))
}

/** How many fields there are, or how many alternatives. */
const countText = (objects: readonly Schema[]): string => {
  const [first, ...others] = objects
  if (others.length > 0) return `${objects.length} alternatives`
  const count = Object.keys(first?.properties ?? {}).length
  return count === 1 ? '1 field' : `${count} fields`
}

/** The fields of a schema, folded; nothing if it has none. `of` names the schema for screen readers. */
export const FoldedFields = ({ of, ...fields }: FieldsProps & { of: string }) => {
  const objects = objectsIn(fields.schema, fields.document, fields.depth)
  if (objects.length === 0) return null
  return (
    <details class="fields">
      <summary>
        {countText(objects)}
        <span class="visually-hidden"> of {of}</span>
      </summary>
      <Objects {...fields} />
    </details>
  )
}

/** The fields of a schema, or its type if it has none. */
export const Fields = (props: FieldsProps) =>
  objectsIn(props.schema, props.document, props.depth).length > 0 ? (
    <Objects {...props} />
  ) : (
    <p class="property-type">{schemaText(props.schema)}</p>
  )
