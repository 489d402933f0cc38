import type { OpenApiDocument } from '../openapi/openApi.ts'
import { placeholderOrigin } from '../../src/pages/parts/origin.ts'
import { Fragment } from 'preact'
import { Contents } from './Contents.tsx'
import { Fields } from './Fields.tsx'
import { Anchor } from './Heading.tsx'
import { Messages } from './Messages.tsx'
import { Operation } from './Operation.tsx'
import { operationsOf, type PlacedOperation } from './operations.ts'
import { CommonParameters } from './Parameters.tsx'
import { anchorOf, Inline, Prose } from './Prose.tsx'
import { schemaAnchor } from './schemaText.tsx'

const Introduction = ({ document }: { document: OpenApiDocument }) => {
  const { info } = document
  return (
    <>
      <header class="reference-head">
        <h1>API reference</h1>
        <p class="lead">{info.summary}</p>
        <p>
          OpenAPI 3.1 document: <a href="/openapi.json">/openapi.json</a>
        </p>
        <p>
          Examples use <code>WEBHOOK_SECRETS</code> and <code>ADMIN_TOKEN</code> from your environment.
        </p>
        <noscript>
          <p>Replace {placeholderOrigin} with this site’s address.</p>
        </noscript>
      </header>
      <Prose text={info.description} />
      <CommonParameters document={document} />
    </>
  )
}

const Schemas = ({ document }: { document: OpenApiDocument }) => (
  <section class="schemas">
    <h2 id="schemas" class="anchored">
      Schemas
      <Anchor to="schemas" />
    </h2>
    <p>The objects of messages and responses. Each opens when a link leads to it.</p>
    <div class="panel schema-list">
      {Object.entries(document.components.schemas).map(([name, schema]) => (
        <details key={name} class="schema">
          <summary>
            <code>{name}</code>
            {schema.description && (
              <>
                {' '}
                <Inline text={schema.description} />
              </>
            )}
          </summary>
          <div id={schemaAnchor(name)}>
            <Fields schema={schema} document={document} depth={0} within={schemaAnchor(name)} />
          </div>
        </details>
      ))}
    </div>
  </section>
)

/** The operations of a chapter, with links to their sections. */
const Endpoints = ({ operations }: { operations: readonly PlacedOperation[] }) => (
  <ul class="endpoints">
    {operations.map(({ path, method, operation: { operationId, summary } }) => (
      <li key={operationId}>
        <a href={`#${operationId}`}>
          <span class="verb">{method.toUpperCase()}</span> <code>{path}</code>
        </a>{' '}
        <span class="soft">{summary}</span>
      </li>
    ))}
  </ul>
)

/** The API reference, rendered from the document at /openapi.json. */
export const Reference = ({ document }: { document: OpenApiDocument }) => (
  <>
    <Contents document={document} />
    <article>
      <Introduction document={document} />
      {document.tags.map(({ name, description }) => {
        const operations = operationsOf(document, name)
        return (
          <section key={name} class="tag" aria-labelledby={anchorOf(name)}>
            <h2 id={anchorOf(name)} class="anchored">
              {name}
              <Anchor to={anchorOf(name)} />
            </h2>
            <p class="lead">{description}</p>
            {operations.length > 1 && <Endpoints operations={operations} />}
            {operations.map((placed) => (
              <Fragment key={placed.operation.operationId}>
                <Operation placed={placed} document={document} />
                <Messages placed={placed} document={document} />
              </Fragment>
            ))}
          </section>
        )
      })}
      <Schemas document={document} />
    </article>
  </>
)
