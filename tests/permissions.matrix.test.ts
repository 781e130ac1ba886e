/**
 * Walks every route as everyone and compares with `permissions.matrix.md`, which a person reviews. After a change that
 * is meant: UPDATE_MATRIX=1, and read the difference.
 */

import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/load-config.ts'
import { seedDemoAccounts } from '#modules/users/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { asApplication, testDatabase } from '#tests/support/database.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRedis } from '#tests/support/redis.ts'

const file = join(import.meta.dirname, 'permissions.matrix.md')
const password = 'a long enough phrase'

const callers = ['anonymous', 'user', 'owner', "owner's key", 'dummy-token', 'admin'] as const
type Caller = (typeof callers)[number]

const bodies: Record<string, object> = {
  'POST /api/v1/users': { name: 'N', email: 'new@example.org' },
  'POST /api/v1/users/batch': { users: [{ name: 'N', email: 'new@example.org' }] },
  'PATCH /api/v1/users/:id': { name: 'Changed' },
  'PUT /api/v1/admin/circuit-breakers/:name': { state: 'auto' },
  'PUT /api/v1/admin/users/:id/tier': { tier: 'pro' },
  'PATCH /api/v1/me': { name: 'Changed' },
  'PUT /api/v1/me/password': { currentPassword: password, newPassword: 'another long phrase' },
  'POST /api/v1/api-keys': { name: 'k' },
  'POST /api/v1/api-keys/:id/rotation': {},
  'POST /api/v1/roles': { name: 'made', permissions: [] },
  'PUT /api/v1/roles/:name': { permissions: [] },
  'POST /api/v1/resources': { name: 'R', type: 'document' },
  'POST /api/v1/resources/batch': { resources: [{ name: 'R', type: 'document' }] },
  'PUT /api/v1/resources/:id': { name: 'R', type: 'document' },
  'PATCH /api/v1/resources/:id': { name: 'R' },
  'POST /api/v1/items': { title: 'I' },
  'POST /api/v1/items/batch': { items: [{ title: 'I' }] },
  'PUT /api/v1/items/:id': { title: 'I' },
  'PATCH /api/v1/items/:id': { title: 'I' },
}

/** Something for /external to ask, that always answers. */
async function dependency(): Promise<string> {
  const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function open() {
  const [databaseUrl, redis] = await Promise.all([testDatabase(t), testRedis(t)])
  const secrets = mkdtempSync(join(tmpdir(), 'sluice-matrix-'))
  ensureSecrets(secrets)
  const many = '1000000'
  const application = await compose(
    loadConfig({
      DEMO: 'true',
      LOG_LEVEL: 'silent',
      DATABASE_URL: asApplication(databaseUrl),
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      SECRETS_DIR: secrets,
      ARGON2_MEMORY_KIB: '64',
      ARGON2_ITERATIONS: '1',
      RATE_LIMIT_ANONYMOUS: many,
      RATE_LIMIT_FREE: many,
      EDGE_SIGN_IN_PER_MINUTE: many,
      // Not the demo's, which fails now and then.
      EXTERNAL_URL: await dependency(),
    }),
  )
  await application.app.ready()
  await application.start()
  t.teardown(async () => {
    await application.app.close()
    await application.close()
    rmSync(secrets, { recursive: true })
  })
  // As the owner of the tables: the role that replicas sign in as cannot set a sequence.
  const owner = openPostgres({
    url: databaseUrl,
    maxConnections: 1,
    statementTimeoutMs: 30_000,
    name: 'test',
  })
  await owner.transaction(seedDemoAccounts)
  await owner.close()
  return application
}

const { app, routes } = await open()

interface Sent {
  readonly token?: string | undefined
  readonly body?: object | undefined
}

const send = async (method: string, url: string, { token, body }: Sent = {}) => {
  const response = await app.inject({
    method: method as 'GET',
    url,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(body !== undefined && { payload: body }),
    payloadAsStream: true,
  })
  return response
}

let count = 0

const made = async <Made>(method: string, url: string, sent: Sent): Promise<Made> => {
  const response = await send(method, url, sent)
  const chunks: Buffer[] = []
  for await (const chunk of response.stream()) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  if (response.statusCode !== 201 && response.statusCode !== 200) throw new Error(`${method} ${url}: ${text}`)
  return JSON.parse(text)
}

const registered = () =>
  made<{ token: string; user: { id: number } }>('POST', '/api/v1/auth/register', {
    body: { email: `p${++count}@example.org`, password, name: `P${count}` },
  })

/** An owner with one of everything, and the others: new for each call that may change something. */
async function scene() {
  const [owner, other] = [await registered(), await registered()]
  const admin = await made<{ token: string }>('POST', '/api/v1/auth/login', {
    body: { email: 'admin@example.com', password: 'admin123' },
  })
  const as = { token: owner.token }
  const key = await made<{ id: number; key: string }>('POST', '/api/v1/api-keys', {
    ...as,
    body: { name: 'k' },
  })
  const item = await made<{ id: number }>('POST', '/api/v1/items', { ...as, body: { title: 'I' } })
  const resource = await made<{ id: number }>('POST', '/api/v1/resources', {
    ...as,
    body: { name: 'R', type: 'document' },
  })
  const sessions = await made<{ data: { id: number }[] }>('GET', '/api/v1/me/sessions', as)
  const role = `role-${++count}`
  await made('POST', '/api/v1/roles', { token: 'admin-token-dev', body: { name: role, permissions: [] } })
  const tokens: Record<Caller, string | undefined> = {
    anonymous: undefined,
    user: other.token,
    owner: owner.token,
    "owner's key": key.key,
    'dummy-token': 'dummy-token',
    admin: admin.token,
  }
  const ids: [RegExp, string | number][] = [
    [/(?<=\/me\/sessions\/):id/, sessions.data[0]?.id ?? 0],
    [/(?<=\/api-keys\/):id/, key.id],
    [/(?<=\/items\/):id/, item.id],
    [/(?<=\/resources\/):id/, resource.id],
    [/(?<=\/users\/):id/, owner.user.id],
    [/(?<=\/roles\/):name/, role],
    [/:\w+/g, 'unknown'],
  ]
  return {
    tokens,
    urlOf: (path: string) => ids.reduce((url, [part, id]) => url.replace(part, String(id)), path),
  }
}

/**
 * What a caller is told: in, or by which refusal kept out. Bad input, conflicts and the like are past the door. What was
 * too much or broke down tells nothing of the door: not even that it was reached.
 */
function outcomeOf(status: number, call: string): string {
  if (status === 429 || status >= 500)
    throw new Error(`${call}: ${status}, which says nothing about who is let in`)
  return [401, 403, 404].includes(status) ? String(status) : 'yes'
}

async function row({ method, path, access }: (typeof routes)[number]): Promise<string> {
  let { tokens, urlOf } = await scene()
  const outcomes: string[] = []
  for (const caller of callers) {
    if (method !== 'GET') ({ tokens, urlOf } = await scene())
    const url = path.endsWith('search/items') ? `${path}?q=x` : urlOf(path)
    const response = await send(method, url, { token: tokens[caller], body: bodies[`${method} ${path}`] })
    response.stream().destroy()
    outcomes.push(outcomeOf(response.statusCode, `${caller}: ${method} ${path}`))
  }
  return `| ${method} ${path} | ${access} | ${outcomes.join(' | ')} |`
}

t.test('every route lets in whom the reviewed table says, and no one else', async (t) => {
  await eventually(t, async () => (await send('GET', '/api/v1/status')).statusCode === 200)
  const rows: string[] = []
  for (const route of [...routes].sort((a, b) => (a.path + a.method < b.path + b.method ? -1 : 1))) {
    rows.push(await row(route))
  }
  const table = `# Who is let in where

Generated by tests/permissions.matrix.test.ts from the routes of the running application; reviewed by a person. The thing
addressed belongs to *owner*: their account, item, resource, key, session. *user* is somebody else with the role \`user\`,
*owner's key* an API key without scopes, *dummy-token* the demo's key with users:read and users:write. \`yes\` is past the
door; a number is the refusal: 401 who are you, 403 not you, 404 not yours, or not there.

| route | needs | ${callers.join(' | ')} |
| --- | --- | ${callers.map(() => '---').join(' | ')} |
${rows.join('\n')}
`
  if (process.env.UPDATE_MATRIX) writeFileSync(file, table)
  t.strictSame(table.split('\n'), readFileSync(file, 'utf8').split('\n'))
})
