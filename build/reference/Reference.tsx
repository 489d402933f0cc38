import type { OpenApiDocument } from '../openapi/openApi.ts'
import { placeholderOrigin } from '../../src/pages/parts/origin.ts'
import { Fragment } from 'preact'
import { Contents } from './Contents.tsx'
import { Fields } from './Fields.tsx'
import { Anchor, Heading } from './Heading.tsx'
import { Messages } from './Messages.tsx'
import { Operation } from './Operation.tsx'
import { operationsOf } from './operations.ts'
import { anchorOf, Inline, Prose } from './Prose.tsx'
import { schemaAnchor } from './schemaText.tsx'

/** Chooses the language of the samples. Works without script: the stylesheet shows those of the checked language. */
const SampleChoice = () => (
  <fieldset class="sample-choice">
    <legend>Samples</legend>
    {Object.entries({ curl: 'curl', javascript: 'JavaScript', python: 'Python' }).map(([value, name]) => (
      <label key={value}>
        <input type="radio" name="samples" id={`samples-${value}`} value={value} checked={value === 'curl'} />
        {name}
      </label>
    ))}
  </fieldset>
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
        Examples use <code>WEBHOOK_SECRETS</code> and <code>ADMIN_TOKEN</code> from your environment.
      </p>
      <SampleChoice />
      <noscript>
        <p>Replace {placeholderOrigin} with this site’s address.</p>
      </noscript>
    </header>
    <Prose text={info.description} />
  </>
)

const Schemas = ({ document }: { document: OpenApiDocument }) => (
  <section class="schemas">
    <h2 id="schemas" class="anchored">
      Schemas
      <Anchor to="schemas" />
    </h2>
    {Object.entries(document.components.schemas).map(([name, schema]) => (
      <section
        key={name}
        class="panel"
        id={schemaAnchor(name)}
        aria-labelledby={`${schemaAnchor(name)}-title`}
      >
        <Heading level="h3" anchor={schemaAnchor(name)} titleId={`${schemaAnchor(name)}-title`}>
          {name}
        </Heading>
        {schema.description && (
          <p>
            <Inline text={schema.description} />
          </p>
        )}
        <Fields schema={schema} document={document} depth={0} />
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
          <h2 id={anchorOf(name)} class="anchored">
            {name}
            <Anchor to={anchorOf(name)} />
          </h2>
          <p class="lead">{description}</p>
          {operationsOf(document, name).map((placed) => (
            <Fragment key={placed.operation.operationId}>
              <Operation placed={placed} document={document} />
              <Messages placed={placed} document={document} />
            </Fragment>
          ))}
        </section>
      ))}
      <Schemas document={document} />
    </article>
  </>
)
