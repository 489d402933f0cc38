import type { OpenApiDocument } from '../../openapi/openApi.ts'
import { operationsOf } from './operations.ts'
import { anchorOf } from './Prose.tsx'

const headings = (markdown: string): string[] =>
  [...markdown.matchAll(/^## (.+)$/gm)].map(([, text = '']) => text)

const Link = ({ to, name, isPart = false }: { to: string; name: string; isPart?: boolean }) => (
  <a class={isPart ? 'contents-part' : undefined} href={`#${to}`}>
    {name}
  </a>
)

/** Where everything is on the page: beside it all of it, above it, where there is little room, its parts. */
export const Contents = ({ document }: { document: OpenApiDocument }) => (
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
        <Link to="shapes" name="Shapes" isPart />
      </li>
    </ul>
  </nav>
)
