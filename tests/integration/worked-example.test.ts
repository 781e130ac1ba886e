/** docs/adding-a-resource.md, followed to the letter: its code in a copy of the tree, and a replica of it in use. */

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { insertMember } from '#tests/support/application.ts'
import { testDatabase } from '#tests/support/database.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type Client, httpClient } from '#tests/support/http.ts'
import { testRedis } from '#tests/support/redis.ts'
import type { Scope } from '#tests/support/scope.ts'
import { blocksOf, copyWith, linesAdded } from '#tests/support/worked-example.ts'

interface Note {
  readonly id: number
  readonly text: string
  readonly isPinned: boolean
  readonly ownerId: number
}

interface List {
  readonly data: Note[]
  readonly pagination: { readonly nextCursor: string | null }
}

// Four processes start one after the other, on machines that do other things too.
t.setTimeout(120_000)

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'adding-a-resource.md'), 'utf8')
const blocks = blocksOf(page)
const copy = copyWith(t, blocks)
const environment = await surroundings()
const database = openPostgres({
  url: String(environment.DATABASE_URL),
  maxConnections: 1,
  statementTimeoutMs: 5_000,
  name: 'test',
})
t.teardown(() => database.close())
const run = (...args: readonly string[]): string =>
  execFileSync(process.execPath, args, { cwd: copy, env: environment, encoding: 'utf8' })

t.test('it is one folder, a line in compose.ts with its import, and a migration up and down', (t) => {
  t.strictSame(
    blocks.map(({ path }) => path.replace(/[^/]+$/, '')),
    [
      'app/modules/notes/',
      'app/modules/notes/',
      'app/platform/migrations/',
      'app/platform/migrations/',
      'app/modules/notes/',
      'app/',
    ],
  )
  const lines = linesAdded(blocks)
  t.comment(`${lines} new lines`)
  t.ok(lines < 80, `${lines} new lines`)
  t.end()
})

t.test('its code has the types and the form of the rest', (t) => {
  // Without what tap asks of each Node process: the compiler's launcher cannot be loaded through it.
  const tool = (name: string, ...args: readonly string[]) =>
    execFileSync('env', ['-u', 'NODE_OPTIONS', join('node_modules', '.bin', name), ...args], {
      cwd: copy,
      env: environment,
      stdio: 'pipe',
    })
  const files = blocks.filter(({ path }) => path.endsWith('.ts')).map(({ path }) => path)
  t.doesNotThrow(() => tool('tsc', '--noEmit', '-p', '.'))
  t.doesNotThrow(() => tool('biome', 'check', '--vcs-enabled=false', ...files))
  t.end()
})

t.test('the migration is applied and is part of what is there', (t) => {
  t.match(run('scripts/migrate.ts'), 'migrate: up 0020-notes')
  t.end()
})

t.test('the edge learns that anyone reads notes and that nobody unknown writes them', (t) => {
  run('scripts/edge-routes.ts')
  const map = readFileSync(join(copy, 'nginx', 'snippets', 'routes.map'), 'utf8')
  t.match(map, '"GET:/api/v1/notes" public;')
  t.match(map, String.raw`"~^GET:/api/v1/notes/[^/]+\z" public;`)
  t.notMatch(map, 'POST:/api/v1/notes')
  t.end()
})

t.test('the client has a type for a note', (t) => {
  run('scripts/client.ts')
  t.match(readFileSync(join(copy, 'app', 'client', 'schema.ts'), 'utf8'), 'export type Note =')
  t.end()
})

t.test('notes behave as every resource does', async (t) => {
  const anonymous = await startReplica(t)
  const [owner, other] = [await member(anonymous), await member(anonymous)]
  const notes = '/api/v1/notes'

  const made = await owner.post<Note>(notes, { text: 'Buy milk' })
  t.equal(made.status, 201)
  t.match(made.body, { text: 'Buy milk', isPinned: false })
  const path = String(made.headers.get('location'))
  t.equal(path, `${notes}/${made.body.id}`)

  await t.test('one: cached, with an ETag that answers 304', async (t) => {
    t.match((await anonymous.get(path)).headers.get('cache-status'), 'fwd=miss')
    const again = await anonymous.get(path)
    t.match(again.headers.get('cache-status'), 'hit')
    t.strictSame(again.body, made.body)
    const etag = String(again.headers.get('etag'))
    t.equal(etag, made.headers.get('etag'))
    t.equal((await anonymous.request('GET', path, { headers: { 'if-none-match': etag } })).status, 304)
  })

  await t.test('batch, list, filter, sort and page', async (t) => {
    const batch = await owner.post(`${notes}/batch`, {
      notes: [{ text: 'b', isPinned: true }, { text: 'c' }],
    })
    t.equal(batch.status, 201)
    const texts = (list: List) => list.data.map(({ text }) => text)
    t.strictSame(texts((await anonymous.get<List>(`${notes}?isPinned=true`)).body), ['b'])
    const first = await anonymous.get<List>(`${notes}?limit=2&sort=-createdAt`)
    const { nextCursor } = first.body.pagination
    const second = await anonymous.get<List>(`${notes}?limit=2&sort=-createdAt&cursor=${nextCursor}`)
    t.strictSame([...texts(first.body), ...texts(second.body)].sort(), ['Buy milk', 'b', 'c'])
    const bad = await owner.post(`${notes}/batch`, { notes: [{ text: 'd' }, { text: '' }] })
    t.equal(bad.status, 400)
    t.equal((await anonymous.get<List>(notes)).body.data.length, 3)
  })

  await t.test('put, patch and delete by the owner, seen by the next read', async (t) => {
    const put = await owner.put<Note>(path, { text: 'Buy bread', isPinned: true })
    t.match(put, { status: 200, body: { text: 'Buy bread', isPinned: true } })
    const patch = await owner.patch<Note>(path, { isPinned: false })
    t.match(patch, { status: 200, body: { text: 'Buy bread', isPinned: false } })
    t.strictSame((await anonymous.get(path)).body, patch.body)
    const stale = { headers: { 'if-match': String(put.headers.get('etag')) }, body: { text: 'late' } }
    t.equal((await owner.request('PATCH', path, stale)).status, 412)
  })

  await t.test('others are refused, and what is not declared', async (t) => {
    t.equal((await anonymous.post(notes, { text: 'x' })).status, 401)
    t.equal((await other.patch(path, { text: 'x' })).status, 403)
    t.equal((await other.delete(path)).status, 403)
    t.equal((await owner.post(notes, { text: 'x', ownerId: 1 })).status, 400)
    t.equal((await owner.post(notes, {})).status, 400)
    t.equal((await anonymous.get(`${notes}/999999`)).status, 404)
  })

  await t.test('one effect per Idempotency-Key', async (t) => {
    const keyed = { headers: { 'idempotency-key': 'note-1' }, body: { text: 'once' } }
    const [first, second] = [
      await owner.request<Note>('POST', notes, keyed),
      await owner.request<Note>('POST', notes, keyed),
    ]
    t.equal(first.status, 201)
    t.equal(second.body.id, first.body.id)
  })

  await t.test('is counted against the quota, and documented', async (t) => {
    const answer = await anonymous.get(notes)
    t.match(answer.headers.get('ratelimit-policy'), '"anonymous";q=40;w=60')
    const { body } = await anonymous.get<{ paths: Record<string, object> }>('/openapi.json')
    t.ok(body.paths['/api/v1/notes/{id}'])
    const statuses: number[] = []
    while (!statuses.includes(429) && statuses.length < 100)
      statuses.push((await anonymous.get(notes)).status)
    t.equal(statuses.at(-1), 429)
  })

  t.equal((await owner.delete(path)).status, 204)
  t.equal((await owner.get(path)).status, 404)
})

t.test('the migration is taken back', (t) => {
  t.match(run('scripts/migrate.ts', 'down'), 'migrate: down 0020-notes')
  t.end()
})

async function surroundings(): Promise<Record<string, string>> {
  const [databaseUrl, redis, port] = await Promise.all([testDatabase(t), testRedis(t), freePort()])
  const secrets = mkdtempSync(join(tmpdir(), 'sluice-worked-example-secrets-'))
  t.teardown(() => rmSync(secrets, { recursive: true, force: true }))
  ensureSecrets(secrets)
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    PORT: String(port),
    REPLICAS: '1',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    SECRETS_DIR: secrets,
    RATE_LIMIT_ANONYMOUS: '40',
  }
}

async function startReplica(t: Scope): Promise<Client> {
  const replica = spawn(process.execPath, ['app/main.ts'], { cwd: copy, env: environment, stdio: 'inherit' })
  const exited = once(replica, 'exit')
  t.teardown(async () => {
    replica.kill('SIGTERM')
    await exited
  })
  const client = httpClient(`http://127.0.0.1:${environment.PORT}`)
  const isUp = async (): Promise<boolean> => {
    const { body } = await client.get<{ dependencies: object }>('/health/ready')
    return Object.values(body.dependencies).every((state) => state === 'up')
  }
  await eventually(t, isUp, { withinMs: 30_000 })
  return client
}

async function member(client: Client): Promise<Client> {
  const { key } = await insertMember(database)
  return client.as(key)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
