/** The contract at /openapi.json against the application: every route is in it, complete, and says who may use it. */

import t from 'tap'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/load-config.ts'
import { problemTable } from '#http/error-reply.ts'
import { application } from '#tests/support/application.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly parameters?: readonly {
    in: string
    name: string
    required?: boolean
    example?: unknown
    schema?: object
  }[]
  readonly requestBody?: { content: Record<string, { schema: object }> }
  readonly responses: Readonly<
    Record<string, { description: string; content?: Record<string, { schema: object }> }>
  >
}
interface Contract {
  readonly openapi: string
  readonly info: object
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** What a reference leads to; anything else as it is. */
const followed = <Schema extends object>(schema: Schema | undefined): Schema | undefined =>
  (schema && '$ref' in schema
    ? contract.components.schemas[String(schema.$ref).split('/').at(-1) ?? '']
    : schema) as Schema | undefined

const app = await application(t)
const { anonymous, routes } = app
const { body: contract } = await anonymous.get<Contract>('/openapi.json')
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    method,
    operation,
  })),
)

t.test('it is an OpenAPI 3.1 document with nothing in it that 3.1 does not know', async (t) => {
  t.match(contract.openapi, /^3\.1\.\d$/)
  const known = ['openapi', 'info', 'servers', 'paths', 'components', 'security', 'tags']
  t.strictSame(
    Object.keys(contract).filter((member) => !known.includes(member)),
    [],
  )
  const members = [
    'operationId',
    'summary',
    'description',
    'tags',
    'security',
    'parameters',
    'requestBody',
    'responses',
  ]
  for (const { name, operation } of operations) {
    t.strictSame(
      Object.keys(operation).filter((member) => !members.includes(member)),
      [],
      name,
    )
  }
})

t.test('every route of the application is in it, and nothing else', async (t) => {
  const served = routes
    .filter(({ path }) => !path.includes('*'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:([A-Za-z]+)/g, '{$1}')}`)
  t.strictSame(operations.map(({ name }) => name).sort(), [...new Set(served)].sort())
})

t.test(
  'every route says who may use it: public, any principal, or a permission that a module declares',
  async (t) => {
    for (const { method, path, access } of routes) {
      t.match(access, /^(public|any-principal|[a-z-]+:[a-z]+)$/, `${method} ${path}`)
    }
    for (const { name, path, method, operation } of operations) {
      const route = routes.find(
        (each) =>
          each.method === method.toUpperCase() && each.path.replaceAll(/:([A-Za-z]+)/g, '{$1}') === path,
      )
      const isOpen = (operation.security ?? [{}]).some((scheme) => Object.keys(scheme).length === 0)
      t.equal(isOpen, route?.access === 'public', `${name} is ${route?.access}`)
    }
  },
)

t.test('every operation has a summary, a tag, its success with a body, and its refusals', async (t) => {
  for (const { name, method, operation } of operations) {
    t.ok(operation.summary, `${name}: summary`)
    t.ok(operation.tags?.length, `${name}: tags`)
    const successes = Object.entries(operation.responses).filter(([status]) => /^2\d\d$/.test(status))
    t.ok(successes.length > 0, `${name}: success`)
    for (const [status, { content }] of successes) {
      if (status === '204') t.notOk(content, `${name}: 204 has no body`)
      else t.ok(content, `${name}: ${status} has a body`)
    }
    if (!name.includes('/health')) {
      for (const status of ['4XX', '5XX']) {
        t.ok(operation.responses[status]?.content?.['application/problem+json'], `${name}: ${status}`)
      }
    }
    if (['get', 'delete', 'head'].includes(method)) t.notOk(operation.requestBody, `${name}: no body`)
  }
})

t.test('every operation has a name of its own, and what has a default may be left out', async (t) => {
  const names = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(names).size, operations.length)
  t.ok(names.every((name) => /^[a-z][A-Za-z0-9]+$/.test(name ?? '')))
  for (const { name, operation } of operations) {
    for (const { name: parameter, schema, required } of operation.parameters ?? []) {
      if (schema && 'default' in schema) t.not(required, true, `${name} ${parameter}`)
    }
  }
})

t.test('each parameter of a path is declared, and only those', async (t) => {
  for (const { name, path, operation } of operations) {
    const inPath = [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, parameter]) => parameter)
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    t.strictSame(declared.map((parameter) => parameter.name).sort(), inPath.sort(), name)
    t.ok(
      declared.every((parameter) => parameter.required === true),
      name,
    )
  }
})

t.test('every reference leads somewhere, and every body of a write refuses unknown members', async (t) => {
  const references = [...JSON.stringify(contract).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) =>
    String(ref),
  )
  t.ok(references.length > 0)
  for (const ref of new Set(references)) {
    const target = ref
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], contract)
    t.ok(target, ref)
  }
  for (const { name, operation } of operations) {
    const schema = followed<{ additionalProperties?: boolean }>(
      operation.requestBody?.content['application/json']?.schema,
    )
    if (schema) t.equal(schema.additionalProperties, false, name)
  }
})

t.test('answers are as it says: status, media type, and the members that are required', async (t) => {
  const member = await app.member({ role: 'admin' })
  await member.post('/api/v1/resources', { name: 'one', type: 'document' })
  await member.post('/api/v1/items', { title: 'one' })
  for (const { name, path, operation, method } of operations) {
    // The stream has no end: tests/integration/modules/events.test.ts reads it.
    if (method !== 'get' || path.includes('external') || path.endsWith('/events')) continue
    const url = path.replaceAll(/\{([A-Za-z]+)\}/g, (_, name) =>
      String(operation.parameters?.find((parameter) => parameter.name === name)?.example),
    )
    const asked = path.includes('/search/') ? `${url}?q=one` : url
    const { status, headers, body } = await member.get<object>(asked)
    const response = operation.responses[String(status)]
    if (status === 404 || status === 403) continue
    t.ok(response, `${name} answered ${status}`)
    const [mediaType = ''] = Object.keys(response?.content ?? {})
    t.ok(headers['content-type']?.startsWith(mediaType), `${name}: ${headers['content-type']}`)
    const schema = followed<{ required?: string[] }>(response?.content?.[mediaType]?.schema)
    for (const required of schema?.required ?? []) t.ok(required in body, `${name}: ${required}`)
  }
})

t.test('the documentation stands beside it: a page to browse, and every error code', async (t) => {
  const errors = await anonymous.get<string>('/docs/errors')
  for (const { code } of problemTable) t.match(errors.body, `id="${code}"`)
  const page = await anonymous.get<string>('/docs')
  const { body } = page.status === 200 ? page : await anonymous.get<string>(String(page.headers.location))
  t.match(body, /<html/i)
  t.notMatch(body, /(src|href)="https?:/, 'all assets are local')
  t.match(page.status === 200 ? page.headers : (await anonymous.get('/docs/')).headers, {
    'content-security-policy': /default-src/,
  })
})

t.test('a replica without its server key does not compose', async (t) => {
  await t.rejects(compose(loadConfig({ SECRETS_DIR: '/nonexistent' })), /server-key/)
})
