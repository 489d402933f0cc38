import stringify from 'json-stringify-pretty-compact'
import type { OperationObject } from '../openapi/openApi.ts'
import { placeholderOrigin } from '../../src/pages/parts/origin.ts'
import type { PlacedOperation } from './operations.ts'

/** The same request in curl, JavaScript and Python. */
export interface Samples {
  curl: string
  javascript: string
  python: string
}

/** Quotes a text for a shell, if necessary. */
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

const isJson = ({ responses }: OperationObject): boolean => {
  const response = responses['200']
  return response !== undefined && 'content' in response && 'application/json' in (response.content ?? {})
}

/** Samples of a request without a body. For operator endpoints, they read the token from the environment. */
export const requestSamples = ({ method, path, operation }: PlacedOperation, example: string): Samples => {
  const isOperator = operation.security.some((scheme) => 'operatorToken' in scheme)
  const url = placeholderOrigin + addressOf(path, operation, example)
  const verb = method === 'get' ? undefined : method.toUpperCase()
  const options = [
    ...(verb ? [`  method: '${verb}',`] : []),
    ...(isOperator ? ['  headers: { authorization: `Bearer ${process.env.ADMIN_TOKEN}` },'] : []),
  ]
  const settings = [
    ...(verb ? [`    method='${verb}',`] : []),
    ...(isOperator ? [`    headers={'authorization': f"Bearer {os.environ['ADMIN_TOKEN']}"},`] : []),
  ]
  const [read, parse] = isJson(operation)
    ? ['json', 'json.load(response)']
    : ['text', 'response.read().decode()']
  return {
    curl: `curl -sS ${verb ? `-X ${verb} ` : ''}${quoted(url)}${isOperator ? ' -H "authorization: Bearer $ADMIN_TOKEN"' : ''}`,
    javascript: [
      options.length === 0
        ? `const response = await fetch('${url}')`
        : [`const response = await fetch('${url}', {`, ...options, '})'].join('\n'),
      `console.log(await response.${read}())`,
    ].join('\n'),
    python: [
      `import ${[...(read === 'json' ? ['json'] : []), ...(isOperator ? ['os'] : []), 'urllib.request'].join(', ')}`,
      '',
      settings.length === 0
        ? `request = '${url}'`
        : ['request = urllib.request.Request(', `    '${url}',`, ...settings, ')'].join('\n'),
      'with urllib.request.urlopen(request) as response:',
      `    print(${parse})`,
    ].join('\n'),
  }
}

/**
 * Samples that sign and send a message (Standard Webhooks, "Signature scheme"), with the first secret in the
 * environment.
 */
export const sendingSamples = (path: string, message: unknown): Samples => {
  const url = placeholderOrigin + path
  return {
    curl: [
      `body=${quoted(JSON.stringify(message))}`,
      `id=msg_$(openssl rand -hex 8)`,
      `now=$(date +%s)`,
      `secret=\${WEBHOOK_SECRETS%% *}`,
      `key=$(printf %s "\${secret#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')`,
      `signature=$(printf %s "$id.$now.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)`,
      [
        `curl -sS ${quoted(url)}`,
        `  -H 'content-type: application/json'`,
        `  -H "webhook-id: $id"`,
        `  -H "webhook-timestamp: $now"`,
        `  -H "webhook-signature: v1,$signature"`,
        `  --data-binary "$body"`,
      ].join(' \\\n'),
    ].join('\n'),
    javascript: `import { createHmac, randomUUID } from 'node:crypto'

const body = JSON.stringify(${exampleText(message)})
const id = \`msg_\${randomUUID()}\`
const now = Math.floor(Date.now() / 1000)
const [secret] = process.env.WEBHOOK_SECRETS.split(' ')
const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
const signature = createHmac('sha256', key).update(\`\${id}.\${now}.\${body}\`).digest('base64')
const response = await fetch('${url}', {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(now),
    'webhook-signature': \`v1,\${signature}\`,
  },
  body,
})
console.log(response.status, await response.json())`,
    python: `import base64, hashlib, hmac, json, os, time, urllib.request, uuid

body = r"""${exampleText(message)}""".encode()
message_id = f"msg_{uuid.uuid4()}"
now = int(time.time())
secret = os.environ["WEBHOOK_SECRETS"].split()[0]
key = base64.b64decode(secret.removeprefix("whsec_"))
signed = f"{message_id}.{now}.".encode() + body
signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
request = urllib.request.Request(
    "${url}",
    data=body,
    headers={
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": f"v1,{signature}",
    },
)
with urllib.request.urlopen(request) as response:
    print(response.status, json.load(response))`,
  }
}

/** Formats an example: indented JSON; strings stay unchanged. */
export const exampleText = (value: unknown): string =>
  typeof value === 'string' ? value.trimEnd() : stringify(value, { maxLength: 48 })
