/** Every listing the API offers, at every sort and with every filter, walks an index: no scan of the table, no sort of it. */

import { type FastifyInstance, fastify } from 'fastify'
import t from 'tap'
import { Problem } from '#http/schemas.ts'
import { validation } from '#http/validation.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import { encodeCursor } from '#kernel/cursor.ts'
import type { Database, Session } from '#kernel/database.ts'
import { anonymous } from '#kernel/principal.ts'
import { audit } from '#modules/audit/index.ts'
import { items } from '#modules/items/index.ts'
import { resources } from '#modules/resources/index.ts'
import { users } from '#modules/users/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { application } from '#tests/support/application.ts'
import { testDatabase } from '#tests/support/database.ts'

const postgres = openPostgres({
  url: await testDatabase(t),
  maxConnections: 1,
  statementTimeoutMs: 60_000,
  name: 'test',
})
t.teardown(() => postgres.close())
const { client } = postgres

// Values are spread evenly and not in the order of the rows, so that no shortcut is cheaper by chance.
await client.unsafe(`
  insert into users (email, name, role, tier, created_at)
    select 'u' || n || '@example.com', 'name ' || n * 7919 % 5000, (array['user', 'admin'])[n % 2 + 1],
      (array['free', 'pro', 'enterprise'])[n / 2 % 3 + 1], now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n;
  insert into resources (name, type, owner_id, created_at)
    select 'name ' || n * 7919 % 5000, 'type ' || n % 5, n / 5 % 10 + 1, now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n;
  insert into items (title, owner_id, created_at)
    select 'title ' || n * 7919 % 5000, n % 10 + 1, now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n;
  insert into audit_entries (actor_id, actor_kind, action, target, outcome, address, request_id, created_at)
    select n % 10 + 1, 'session', 'action ' || n / 10 % 5, 'target ' || n / 50 % 5,
      (array['done', 'refused'])[n / 250 % 2 + 1], '', '', now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n`)
await client.unsafe('analyze')

/** What a filter may be asked for, by its name. */
const values: Readonly<Record<string, string>> = {
  type: 'type 1',
  ownerId: '3',
  role: 'admin',
  tier: 'pro',
  email: 'u77@example.com',
  actorId: '4',
  action: 'action 2',
  target: 'target 3',
  outcome: 'refused',
}

/** Keeps what it is asked to run, and finds nothing. */
const asked: { text: string; args: readonly unknown[] }[] = []
const recorder: Session = {
  run: async (statement, args) => {
    asked.push({ text: statement.text, args: statement.bind(args) })
    return []
  },
  text: async () => [],
}
const database: Database = {
  ...recorder,
  autocommit: recorder,
  transaction: (work) => work(recorder),
  isReachable: () => true,
}
const cache = {
  through: async (_key, load) => ({ value: await load(), status: 'miss', detail: 'postgres', ttlSeconds: 0 }),
} as Partial<Cache> as Cache

interface Listing {
  readonly url: string
  readonly sorts: readonly string[]
  readonly filters: readonly string[]
}

const lists: Listing[] = []
const app = await serving((api) => {
  const deps = { database, cache } as never
  for (const module of [users(deps), resources(deps), items(deps), audit(deps)]) module.routes(api)
})
t.teardown(() => app.close())

async function serving(routes: (app: FastifyInstance) => void): Promise<FastifyInstance> {
  const server = fastify()
  server.addSchema(Problem)
  validation(server)
  server.decorateRequest('principal')
  server.addHook('onRequest', async (request) => {
    request.principal = anonymous
  })
  server.addHook('onRoute', ({ method, url, schema }) => {
    const { properties } = (schema?.querystring ?? {}) as { properties?: Record<string, { enum?: string[] }> }
    if (method !== 'GET' || properties?.sort?.enum === undefined) return
    const general = ['limit', 'skip', 'cursor', 'sort', 'fields']
    const filters = Object.keys(properties).filter((name) => !general.includes(name))
    lists.push({ url, sorts: properties.sort.enum, filters })
  })
  await server.register(async (api) => routes(api))
  return server.ready() as unknown as FastifyInstance
}

const subsets = (names: readonly string[]): string[][] =>
  names.reduce<string[][]>((all, name) => all.concat(all.map((some) => [...some, name])), [[]])

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Plan Rows': number
  readonly Plans?: readonly Plan[]
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** Nodes that cost more the larger the table is. Putting a page of rows in order does not. */
async function offences({ text, args }: (typeof asked)[number]): Promise<string[]> {
  const [row = {}] = await client.unsafe(`explain (format json) ${text}`, args as never[])
  const [explained] = Object.values(row)[0] as [{ Plan: Plan }]
  return nodesOf(explained.Plan)
    .filter((node) => {
      if (node['Node Type'] === 'Seq Scan') return true
      return node['Node Type'].includes('Sort') && node['Plan Rows'] > 100
    })
    .map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''}`)
}

t.test('the listings that are tried are all that the API offers', async (t) => {
  const { app } = await application(t)
  const { paths } = app.swagger() as { paths: Record<string, { get?: { parameters?: { name: string }[] } }> }
  const sorted = Object.entries(paths)
    .filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'sort'))
    .map(([path]) => path)
  t.strictSame(sorted.sort(), lists.map(({ url }) => url).sort())
})

for (const { url, sorts, filters } of lists) {
  t.test(`${url} by ${sorts.join(', ')}, filtered by ${filters.join(', ')}`, async (t) => {
    for (const sort of sorts) {
      for (const chosen of subsets(filters)) {
        const value = sort.endsWith('createdAt') ? new Date().toISOString() : 'name 2500'
        for (const cursor of [undefined, encodeCursor({ sort, value, id: 10_000 })]) {
          const query = new URLSearchParams(
            chosen.map((name): [string, string] => [name, values[name] ?? '']),
          )
          query.set('sort', sort)
          if (cursor) query.set('cursor', cursor)
          asked.length = 0
          const { statusCode, body } = await app.inject(`${url}?${query}`)
          if (statusCode !== 200) throw new Error(`${url}?${query} answered ${statusCode}: ${body}`)
          const [statement] = asked
          if (!statement) throw new Error(`${url} asked nothing`)
          const wrong = await offences(statement)
          if (wrong.length > 0) t.fail(`${sort} ${chosen} ${cursor ? 'after a cursor' : ''}: ${wrong.join()}`)
        }
      }
    }
    t.pass(`${sorts.length * subsets(filters).length * 2} plans were read`)
  })
}

t.test('a missing index is noticed', async (t) => {
  asked.length = 0
  await app.inject('/api/v1/resources?sort=-name')
  const [statement] = asked
  if (!statement) throw new Error('nothing was asked')
  t.strictSame(await offences(statement), [])
  await client.unsafe('begin')
  await client.unsafe('drop index resources_name_idx')
  t.match(await offences(statement), ['Sort', 'Seq Scan resources'])
  await client.unsafe('rollback')
})
