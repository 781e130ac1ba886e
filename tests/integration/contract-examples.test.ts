/** Every example of the contract is sent as the explorer at /docs sends it, to a demo, and answers what is promised. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { root } from '#scripts/engine/layout.ts'
import { application } from '#tests/support/application.ts'
import { asOwner } from '#tests/support/database.ts'

interface Parameter {
  readonly in: 'path' | 'query'
  readonly name: string
  readonly required?: boolean
  readonly example?: unknown
  readonly schema?: { readonly default?: unknown }
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: { readonly 'application/json': { readonly example?: unknown } }
  }
  readonly responses: Readonly<Record<string, object>>
}

interface Example {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

const order = ['post', 'get', 'put', 'patch', 'delete']
const rank = ({ name, method }: Example): number =>
  // It ends other sessions.
  name === 'PUT /api/v1/me/password' ? order.length : order.indexOf(method)

/** What an example cannot hold, because only one person is ever told it; the refusal says so. */
const refused: Readonly<Record<string, number>> = {
  'POST /api/v1/auth/refresh': 401,
  'PUT /api/v1/auth/password': 401,
  // Its twin, /auth/register, has taken the address just before.
  'POST /api/v1/users/register': 409,
}

/** Fails at random, as its summary says. */
const flaky = 'GET /api/v1/external'

/** What ends the replica or the account that asks: each has a test of its own. */
const elsewhere = [
  /\/experiments\//,
  /\/replicas\/.*(drain|undrain)/,
  /^DELETE \/api\/v1\/me$/,
  /\/auth\/logout/,
]

const app = await application(t, () => ({ DEMO: 'true' }))
const { DATABASE_URL, SECRETS_DIR } = app.config
await promisify(execFile)('env', ['-u', 'NODE_OPTIONS', process.execPath, 'scripts/seed.ts'], {
  cwd: root,
  env: { PATH: process.env.PATH, DEMO: 'true', DATABASE_URL: asOwner(DATABASE_URL), SECRETS_DIR },
})
const baseUrl = await app.app.listen({ port: 0, host: '127.0.0.1' })
const { body: contract } = await app.anonymous.get<{ paths: Record<string, Record<string, Operation>> }>(
  '/openapi.json',
)
const examples: Example[] = Object.entries(contract.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method,
      path,
      operation,
    })),
  )
  .filter(({ name }) => !elsewhere.some((pattern) => pattern.test(name)))
  .sort((a, b) => rank(a) - rank(b))

t.test('whatever an operation must be told has an example', async (t) => {
  for (const { name, operation } of examples) {
    for (const parameter of operation.parameters ?? []) {
      if (parameter.required) t.not(parameter.example, undefined, `${name}: ${parameter.name}`)
    }
    if (operation.requestBody?.required)
      t.not(operation.requestBody.content['application/json'].example, undefined, `${name}: body`)
  }
})

t.test('each example runs', async (t) => {
  const signIn = { email: 'admin@example.com', password: 'admin123' }
  // The first session: the one that the example of ending a session names.
  await app.anonymous.post('/api/v1/auth/login', signIn)
  const { token } = (await app.anonymous.post<{ token: string }>('/api/v1/auth/login', signIn)).body
  for (const { name, method, path, operation } of examples) {
    const url = new URL(
      path.replaceAll(/\{([A-Za-z]+)\}/g, (_, parameter) => inPath(operation, parameter)),
      baseUrl,
    )
    for (const { in: place, name, example } of operation.parameters ?? []) {
      if (place === 'query' && example !== undefined) url.searchParams.set(name, String(example))
    }
    const body = operation.requestBody?.content['application/json'].example
    const answer = await fetch(url, {
      method: method.toUpperCase(),
      headers: {
        authorization: `Bearer ${token}`,
        // The trace that the example of reading one names.
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    // A stream says all that is asked here in its head.
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
    const text = isStream ? await answer.body?.cancel() : await answer.text()
    if (name === flaky && answer.status === 503) continue
    const expected = refused[name]
    if (expected === undefined)
      t.ok(answer.ok && answer.status in operation.responses, `${name}: ${answer.status} ${text}`)
    else t.equal(answer.status, expected, `${name}: ${text}`)
  }
})

function inPath({ parameters = [] }: Operation, name: string): string {
  return String(parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.example)
}
