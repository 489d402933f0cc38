import type { OpenApiDocument } from '../openapi/openApi.ts'
import { placeholderOrigin } from '../../src/pages/parts/origin.ts'
import { Fields } from './Fields.tsx'
import { Operation } from './Operation.tsx'
import { operationsOf } from './operations.ts'
import { anchorOf, Inline, Prose } from './Prose.tsx'
import { schemaAnchor } from './schemaText.tsx'

const headings = (markdown: string): string[] =>
  [...markdown.matchAll(/^## (.+)$/gm)].map(([, text = '']) => text)

const Link = ({ to, name, isPart = false }: { to: string; name: string; isPart?: boolean }) => (
  <a class={isPart ? 'contents-part' : undefined} href={`#${to}`}>
    {name}
  </a>
)

/** The table of contents. On a narrow screen it shows only the parts, not their operations. */
const Contents = ({ document }: { document: OpenApiDocument }) => (
  <nav class="contents" aria-label="On this page">
    <ul>
      {headings(document.info.description).map((heading) => (
        <li key={heading}>
          <Link to={anchorOf(heading)} name={heading} isPart />
        </li>
      ))}
      {document.tags.map(({ name }) => (
        <li key={name}>
          <Link to={anchorOf(name)} name={name} isPart />
          <ul>
            {operationsOf(document, name).map(({ operation: { operationId, summary } }) => (
              <li key={operationId}>
                <Link to={operationId} name={summary} />
              </li>
            ))}
          </ul>
        </li>
      ))}
      <li>
        <Link to="schemas" name="Schemas" isPart />
      </li>
    </ul>
  </nav>
)

const Introduction = ({ document: { info } }: { document: OpenApiDocument }) => (
  <>
    <header class="reference-head">
      <h1>API reference</h1>
      <p class="lead">{info.summary}</p>
      <p>
        OpenAPI 3.1 document: <a href="/openapi.json">/openapi.json</a>
      </p>
      <p>
        Examples use <code>$WEBHOOK_SECRETS</code> and <code>$ADMIN_TOKEN</code> from your shell.
      </p>
      <noscript>
        <p>Replace {placeholderOrigin} with this site’s address.</p>
      </noscript>
    </header>
    <Prose text={info.description} />
  </>
)

const Schemas = ({ document }: { document: OpenApiDocument }) => (
  <section class="schemas">
    <h2 id="schemas">Schemas</h2>
    {Object.entries(document.components.schemas).map(([name, schema]) => (
      <section
        key={name}
        class="panel"
        id={schemaAnchor(name)}
        aria-labelledby={`${schemaAnchor(name)}-title`}
      >
        <h3 id={`${schemaAnchor(name)}-title`}>
          <a href={`#${schemaAnchor(name)}`}>{name}</a>
        </h3>
        {schema.description && (
          <p>
            <Inline text={schema.description} />
          </p>
        )}
        <Fields schema={schema} />
      </section>
    ))}
  </section>
)

/** The API reference, rendered from the document at /openapi.json. */
export const Reference = ({ document }: { document: OpenApiDocument }) => (
  <>
    <Contents document={document} />
    <article>
      <Introduction document={document} />
      {document.tags.map(({ name, description }) => (
        <section key={name} class="tag" aria-labelledby={anchorOf(name)}>
          <h2 id={anchorOf(name)}>{name}</h2>
          <p class="lead">{description}</p>
          {operationsOf(document, name).map((placed) => (
            <Operation key={placed.operation.operationId} placed={placed} document={document} />
          ))}
        </section>
      ))}
      <Schemas document={document} />
    </article>
  </>
)
