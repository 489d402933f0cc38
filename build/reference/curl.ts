import stringify from 'json-stringify-pretty-compact'
import type { OperationObject } from '../openapi/openApi.ts'
import { placeholderOrigin } from '../../src/pages/parts/origin.ts'
import type { PlacedOperation } from './operations.ts'

/** Quotes a text for a shell, where needed. */
const quoted = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

/** The address of an example: its path with the parameters filled in, and its query. */
const addressOf = (path: string, { parameters }: OperationObject, example: string): string => {
  const query = new URLSearchParams()
  let filled = path
  for (const parameter of parameters) {
    const given = parameter.examples?.[example]
    if (!given) continue
    const value = String(given.value)
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value))
    else query.set(parameter.name, value)
  }
  return query.size === 0 ? filled : `${filled}?${query.toString()}`
}

/** The command for a request without a body. The operator's endpoints get the token from the environment. */
export const requestCommand = ({ method, path, operation }: PlacedOperation, example: string): string => {
  const isOperator = operation.security.some((scheme) => 'operatorToken' in scheme)
  const headers = isOperator ? ' -H "authorization: Bearer $ADMIN_TOKEN"' : ''
  const verb = method === 'get' ? '' : `-X ${method.toUpperCase()} `
  return `curl -sS ${verb}${quoted(placeholderOrigin + addressOf(path, operation, example))}${headers}`
}

/** A script that signs and sends a message (Standard Webhooks, "Signature scheme"), with the first secret of the environment. */
export const sendingScript = (path: string, message: unknown): string =>
  [
    `body=${quoted(JSON.stringify(message))}`,
    `id=msg_$(openssl rand -hex 8)`,
    `now=$(date +%s)`,
    `secret=\${WEBHOOK_SECRETS%% *}`,
    `key=$(printf %s "\${secret#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')`,
    `signature=$(printf %s "$id.$now.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)`,
    [
      `curl -sS ${quoted(placeholderOrigin + path)}`,
      `  -H 'content-type: application/json'`,
      `  -H "webhook-id: $id"`,
      `  -H "webhook-timestamp: $now"`,
      `  -H "webhook-signature: v1,$signature"`,
      `  --data-binary "$body"`,
    ].join(' \\\n'),
  ].join('\n')

/** An example as text: JSON with line breaks, and strings unchanged. */
export const exampleText = (value: unknown): string =>
  typeof value === 'string' ? value.trimEnd() : stringify(value, { maxLength: 76 })
