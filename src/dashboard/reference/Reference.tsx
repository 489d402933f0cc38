import type { OpenApiDocument } from '../../http/openapi/openApi.ts'
import { Contents } from './Contents.tsx'
import { Fields } from './Fields.tsx'
import { placeholderNote } from '../parts/origin.ts'
import { operationsOf } from './operations.ts'
import { Operation } from './Operation.tsx'
import { anchorOf, Prose, Words } from './Prose.tsx'
import { shapeAnchor } from './typeWords.tsx'

interface ReferenceProps {
  document: OpenApiDocument
}

const Shapes = ({ document }: { document: OpenApiDocument }) => (
  <section class="shapes">
    <h2 id="shapes">Shapes</h2>
    {Object.entries(document.components.schemas).map(([name, schema]) => (
      <section key={name} class="panel" id={shapeAnchor(name)} aria-labelledby={`${shapeAnchor(name)}-title`}>
        <h3 id={`${shapeAnchor(name)}-title`}>
          <a href={`#${shapeAnchor(name)}`}>{name}</a>
        </h3>
        {schema.description && (
          <p>
            <Words text={schema.description} />
          </p>
        )}
        <Fields schema={schema} />
      </section>
    ))}
  </section>
)

/** The API reference: all that /openapi.json says, for people. */
export const Reference = ({ document }: ReferenceProps) => (
  <div class="reference">
    <Contents document={document} />
    <article>
      <header class="reference-head">
        <h1>API reference</h1>
        <p class="lead">{document.info.summary}</p>
        <p>
          The same for programs: <a href="/openapi.json">/openapi.json</a>, in OpenAPI 3.1
        </p>
        <p>
          Commands take <code>WEBHOOK_SECRETS</code> and <code>ADMIN_TOKEN</code> from the shell, as the
          Worker has them.
        </p>
        <noscript>
          <p>{placeholderNote}.</p>
        </noscript>
      </header>
      <Prose text={document.info.description} />
      {document.tags.map(({ name, description }) => (
        <section key={name} class="tag" aria-labelledby={anchorOf(name)}>
          <h2 id={anchorOf(name)}>{name}</h2>
          <p class="lead">{description}</p>
          {operationsOf(document, name).map((placed) => (
            <Operation key={placed.operation.operationId} placed={placed} document={document} />
          ))}
        </section>
      ))}
      <Shapes document={document} />
    </article>
  </div>
)
