import { beforeAll, expect, it } from 'vitest'
import { audit } from '../support/audit.ts'
import { noon, setClock } from '../support/clock.ts'
import { faultsOf, follow, operationsOf, type Described } from '../support/document.ts'
import { freshLog } from '../support/freshLog.ts'
import { fetchApi, read, sign, token, type Json } from '../support/site.ts'

/*
 * Sends every example in /openapi.json: first the messages, in order, then, after an audit, all reads, which must answer as
 * documented.
 */

/** The names of an operation's examples. An operation without examples is requested once, as `Now`. */
const namesOf = ({ operation }: Described): string[] => {
  const responses = Object.values<Json>(operation.responses['200'].content)
  const holders = [
    ...operation.parameters,
    ...responses,
    ...Object.values(operation.requestBody?.content ?? {}),
  ]
  const names = holders.flatMap((holder: Json) => Object.keys(holder.examples ?? {}))
  return names.length === 0 ? ['Now'] : [...new Set(names)]
}

/** The request of an example. */
const requestOf = ({ path, method, operation }: Described, name: string): [string, RequestInit] => {
  const query = new URLSearchParams()
  let address = path
  for (const parameter of operation.parameters) {
    const value: string | number | undefined = parameter.examples?.[name]?.value
    if (value === undefined) continue
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, String(value))
    else query.set(parameter.name, String(value))
  }
  const target = query.size === 0 ? address : `${address}?${query}`
  const message = operation.requestBody?.content['application/json'].examples[name].value
  const body = JSON.stringify(message)
  if (message !== undefined) return [target, { method, body, headers: sign(body) }]
  const isPrivate = operation.security.some((scheme: Json) => scheme.operatorToken)
  return [target, { method, headers: isPrivate ? { authorization: `Bearer ${token}` } : {} }]
}

interface Sent {
  example: string
  described: Described
  name: string
  status: number
  mediaType: string
  text: string
}

const send = async (described: Described, name: string): Promise<Sent> => {
  const response = await fetchApi(...requestOf(described, name))
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0] ?? ''
  const text = new TextDecoder().decode(await response.arrayBuffer())
  const example = `${described.operation.operationId}: ${name}`
  return { example, described, name, status: response.status, mediaType, text }
}

let document: Json
const sent: Sent[] = []

const isMessage = ({ operation }: Described): boolean => operation.requestBody !== undefined

const sendAll = async (operations: readonly Described[]): Promise<void> => {
  for (const described of operations) {
    for (const name of namesOf(described)) sent.push(await send(described, name))
  }
}

beforeAll(async () => {
  await freshLog()
  setClock(noon)
  document = await read('/openapi.json')
  const operations = operationsOf(document)
  await sendAll(operations.filter(isMessage))
  await read('/v1/users/42') // makes a counter for the audit to check
  await audit()
  await sendAll(operations.filter((described) => !isMessage(described)))
})

const valueOf = ({ mediaType, text }: Sent): unknown =>
  mediaType === 'application/json' ? JSON.parse(text) : text

it('every example is answered with 200', () => {
  expect(sent.filter(({ status }) => status !== 200)).toEqual([])
})

it('every operation and each of the nine message types has an example', () => {
  const bare = operationsOf(document).filter((described) => namesOf(described).includes('Now'))
  const parameters: Json[] = bare.flatMap(({ operation }) => operation.parameters)
  expect(parameters.filter(({ required }) => required)).toEqual([])
  const { examples } = document.paths['/v1/webhooks'].post.requestBody.content['application/json']
  const types = new Set(Object.values<Json>(examples).map(({ value }) => value.type))
  const { oneOf } = document.components.schemas.Message
  expect(types).toEqual(new Set(oneOf.map((schema: Json) => follow(document, schema).properties.type.const)))
})

it('every example matches its schema', () => {
  const faults = operationsOf(document).flatMap(({ operation }) => [
    ...operation.parameters.flatMap((parameter: Json) =>
      Object.values<Json>(parameter.examples ?? {}).flatMap(({ value }) =>
        faultsOf(document, parameter.schema, value),
      ),
    ),
    ...Object.values<Json>(operation.requestBody?.content ?? {}).flatMap(({ schema, examples }) =>
      Object.values<Json>(examples).flatMap(({ value }) => faultsOf(document, schema, value)),
    ),
  ])
  expect(faults).toEqual([])
})

it('every answer has the media type and schema in the document', () => {
  for (const answer of sent) {
    const { schema } = answer.described.operation.responses['200'].content[answer.mediaType]
    expect([answer.example, ...faultsOf(document, schema, valueOf(answer))]).toEqual([answer.example])
    const lines = answer.text.split('\n').filter((line) => line !== '' && schema['x-each-line'])
    for (const line of lines)
      expect(faultsOf(document, schema['x-each-line'], JSON.parse(line)), answer.example).toEqual([])
  }
})

it('a schema rejects an additional property, a missing one and another type', () => {
  const schema = { $ref: '#/components/schemas/UserStatistics' }
  const user = sent.find(({ example }) => example === 'readUser: A user')
  const body = JSON.parse(user?.text ?? '')
  expect(faultsOf(document, schema, body)).toEqual([])
  const { documents, ...without } = body
  expect(documents).toBe(1)
  expect(faultsOf(document, schema, { ...body, colour: 'red' })).not.toEqual([])
  expect(faultsOf(document, schema, without)).not.toEqual([])
  expect(faultsOf(document, schema, { ...body, lifetime: { ...body.lifetime, answer: '1' } })).not.toEqual([])
})

it('every example answer in the document is what the Worker answers', async () => {
  const answers: Record<string, Record<string, unknown>> = {}
  for (const answer of sent) {
    const { operationId } = answer.described.operation
    if (answer.mediaType === 'image/svg+xml' || operationId === 'readOpenApi') continue
    const known = (answers[operationId] ??= {})
    known[answer.name] = valueOf(answer)
  }
  const text = `${JSON.stringify(answers, null, 2)}\n`
  // After an intended change: npx vitest run --project worker test/openapi/examples.test.ts -u, twice.
  await expect(text).toMatchFileSnapshot('../../build/openapi/exampleAnswers.json')
})
