import type { ComponentChildren } from 'preact'
import type { OpenApiDocument } from '../openapi/openApi.ts'
import { guides, type GuideHeading } from './guides.tsx'
import { messageAnchor, messageTypesOf } from './Messages.tsx'
import { operationsOf, type PlacedOperation } from './operations.ts'
import { commonAnchor } from './Parameters.tsx'
import { anchorOf } from './Prose.tsx'
import { schemaAnchor } from './schemaText.tsx'

const headings = (markdown: string): string[] =>
  [...markdown.matchAll(/^## (.+)$/gm)].map(([, text = '']) => text)

interface LinkProps {
  to: string
  isPart?: boolean
  children: ComponentChildren
}

const Link = ({ to, isPart = false, children }: LinkProps) => (
  <a class={isPart ? 'contents-part' : undefined} href={to}>
    {children}
  </a>
)

/** The list of guides. `current` is the guide being shown. */
const Guides = ({ current }: { current?: string }) => (
  <li>
    <span class="contents-part">Guides</span>
    <ul>
      {guides.map(({ name, title }) => (
        <li key={name}>
          <a href={`/docs/${name}`} aria-current={name === current ? 'page' : undefined}>
            {title}
          </a>
        </li>
      ))}
    </ul>
  </li>
)

/**
 * The frame of a table of contents, which is folded on a narrow screen. The page's script adds a search field at
 * `data-search`.
 */
const Frame = ({ children }: { children: ComponentChildren }) => (
  <nav class="contents" aria-label="On this page">
    <div data-search />
    <details class="contents-list">
      <summary>Contents</summary>
      <ul>{children}</ul>
    </details>
  </nav>
)

const Operation = ({ placed, document }: { placed: PlacedOperation; document: OpenApiDocument }) => {
  const { path, method, operation } = placed
  const messages = messageTypesOf(placed, document)
  return (
    <li>
      <Link to={`#${operation.operationId}`}>
        {operation.summary}
        <span class="contents-address">
          <span class="verb">{method.toUpperCase()}</span> {path}
        </span>
      </Link>
      {messages.length > 0 && (
        <ul class="contents-details">
          {messages.map(({ type }) => (
            <li key={type}>
              <Link to={`#${messageAnchor(type)}`}>
                <span class="contents-address">{type}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

/** The table of contents of the reference. On a narrow screen, it has neither messages nor schemas until the reader searches. */
export const Contents = ({ document }: { document: OpenApiDocument }) => (
  <Frame>
    {headings(document.info.description).map((heading) => (
      <li key={heading}>
        <Link to={`#${anchorOf(heading)}`} isPart>
          {heading}
        </Link>
      </li>
    ))}
    <li>
      <Link to={`#${commonAnchor}`} isPart>
        Common parameters
      </Link>
    </li>
    <Guides />
    {document.tags.map(({ name }) => (
      <li key={name}>
        <Link to={`#${anchorOf(name)}`} isPart>
          {name}
        </Link>
        <ul>
          {operationsOf(document, name).map((placed) => (
            <Operation key={placed.operation.operationId} placed={placed} document={document} />
          ))}
        </ul>
      </li>
    ))}
    <li>
      <Link to="#schemas" isPart>
        Schemas
      </Link>
      <ul class="contents-details">
        {Object.keys(document.components.schemas).map((name) => (
          <li key={name}>
            <Link to={`#${schemaAnchor(name)}`}>{name}</Link>
          </li>
        ))}
      </ul>
    </li>
  </Frame>
)

/** The table of contents of a guide: its headings, then the other guides. */
export const GuideContents = ({ name, parts }: { name: string; parts: readonly GuideHeading[] }) => (
  <Frame>
    <li>
      <Link to="/docs" isPart>
        API reference
      </Link>
    </li>
    <Guides current={name} />
    <li>
      <span class="contents-part">On this page</span>
      <ul>
        {parts
          .filter(({ depth }) => depth === 2 || depth === 3)
          .map(({ anchor, text, depth }) => (
            <li key={anchor} class={depth === 3 ? 'contents-deeper' : undefined}>
              <Link to={`#${anchor}`}>{text}</Link>
            </li>
          ))}
      </ul>
    </li>
  </Frame>
)
