/** Every listing the API offers, at every sort and with every filter, walks an index: no scan of the table, no sort of it. */

import { createHash } from 'node:crypto'
import { type FastifyInstance, fastify } from 'fastify'
import t from 'tap'
import { Problem } from '#http/schemas.ts'
import { validation } from '#http/validation.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import { encodeCursor } from '#kernel/cursor.ts'
import type { Database, Session } from '#kernel/database.ts'
import { anonymous } from '#kernel/principal.ts'
import type { RequestQuery } from '#modules/admin/requests.schemas.ts'
import { findRequests } from '#modules/admin/requests.store.ts'
import { apiKeysStore } from '#modules/api-keys/api-keys.store.ts'
import { audit } from '#modules/audit/index.ts'
import { items } from '#modules/items/index.ts'
import { resources } from '#modules/resources/index.ts'
import { rolesService } from '#modules/roles/roles.service.ts'
import { findItems } from '#modules/search/search.store.ts'
import { sessionsStore } from '#modules/sessions/sessions.store.ts'
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

// Values are spread evenly and not in the order of the rows, so that no shortcut is cheaper by chance.
await postgres.text(`
  insert into users (email, name, role, tier, created_at)
    select 'u' || n || '@example.com', 'name ' || n * 7919 % 5000, (array['user', 'admin'])[n % 2 + 1],
      (array['free', 'pro', 'enterprise'])[n / 2 % 3 + 1], now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n;
  insert into resources (name, type, owner_id, created_at)
    select 'name ' || n * 7919 % 5000, 'type ' || n % 5, n / 5 % 10 + 1, now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n;
  insert into items (title, owner_id, created_at)
    select substr(md5('w' || n % 701), 1, 7) || ' ' || n * 7919 % 5000, n % 10 + 1, now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n;
  insert into audit_entries (actor_id, actor_kind, action, target, outcome, address, request_id, created_at)
    select n % 10 + 1, 'session', 'action ' || n / 10 % 5, 'target ' || n / 50 % 5,
      (array['done', 'refused'])[n / 250 % 2 + 1], '', '', now() - n * 7919 % 20000 * interval '1 s'
    from generate_series(1, 20000) n;
  insert into roles (name, permissions) select 'role-' || n, '{}' from generate_series(1, 5000) n;
  insert into sessions (user_id, refresh_hash, created_at, last_used_at, ended_at, end_reason)
    select n * 7919 % 4000 + 1, decode(md5('s' || n), 'hex'), now() - n % 90 * interval '1 day', now() - n % 60 * interval '1 day',
      case when n % 3 > 0 then now() - n % 59 * interval '1 day' end,
      case when n % 3 > 0 then (array['signed_out', 'refresh_token_reused'])[(n % 50 = 0)::int + 1] end
    from generate_series(1, 40000) n;
  insert into api_keys (owner_id, name, secret_hash, revoked_at)
    select n * 7919 % 4000 + 1, 'key', decode(md5('k' || n), 'hex'), case when n % 2 = 0 then now() end
    from generate_series(1, 20000) n;
  insert into request_log (time, request_id, trace_id, method, route, path, status, ms, instance_id, tier, user_id, principal,
      address, error_code)
    select now() - n * interval '1 s', 'request ' || n, 'trace ' || n, (array['GET', 'GET', 'GET', 'POST', 'DELETE'])[n % 5 + 1],
      'route ' || n * 7919 % 60, '/', (array[200, 200, 200, 200, 201, 304, 401, 404, 429, 503])[n / 60 % 10 + 1],
      n * 7919 % 20000 / 10.0, 'api-' || n / 5 % 3 + 1, 'free', nullif(n * 7919 % 500, 0), '', '',
      (array[null, null, null, null, null, null, 'unauthorized', 'not_found', 'rate_limited', 'overloaded'])[n / 60 % 10 + 1]
    from generate_series(1, 60000) n`)
await postgres.text('analyze')

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
  text: async (text, args = []) => {
    asked.push({ text, args })
    return []
  },
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

/** Alone and two at a time. */
const pairs = (names: readonly string[]): string[][] =>
  names.flatMap((name, index) => [[name], ...names.slice(index + 1).map((other) => [name, other])])

const wantedRequests: RequestQuery = {
  limit: 20,
  status: 404,
  minStatus: 400,
  method: 'DELETE',
  route: 'route 7',
  requestId: 'request 77',
  traceId: 'trace 77',
  userId: 77,
  instanceId: 'api-2',
  errorCode: 'not_found',
  minMs: 250,
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date(Date.now() - 600_000).toISOString(),
}
const requestQueries = (): RequestQuery[] => {
  const { limit, ...filters } = wantedRequests
  const cursor = encodeCursor({ sort: '-time', value: new Date(Date.now() - 900_000).toISOString(), id: 900 })
  return [[], ...pairs(Object.keys(filters))].flatMap((names) => {
    const chosen = Object.fromEntries(names.map((name) => [name, Reflect.get(filters, name)]))
    return [
      { limit, ...chosen },
      { limit, cursor, ...chosen },
    ]
  })
}

const { signal } = new AbortController()
const lives = { idleSeconds: 14 * 86_400, maxAgeSeconds: 90 * 86_400 }

// The first word of every 701st title.
const word = createHash('md5').update('w7').digest('hex').slice(0, 7)

/** Listings in the one order they have, each with all that may be asked of it. */
const inOneOrder: Readonly<Record<string, readonly (() => Promise<unknown>)[]>> = {
  '/api/v1/admin/requests': requestQueries().map((query) => () => findRequests(recorder, query, signal)),
  '/api/v1/api-keys': [() => apiKeysStore.list(recorder, 3)],
  '/api/v1/me/sessions': [() => sessionsStore(lives).list(recorder, 3)],
  '/api/v1/roles': [() => rolesService({} as never).all(recorder)],
  // A word that some have, one that nothing begins with, two, a number; and a page further on.
  '/api/v1/search/items': [word, `x${word.slice(1)}`, `${word} 77`, '77'].flatMap((text) =>
    [0, 100].map((offset) => () => findItems(recorder, { text, limit: 20, offset }, signal)),
  ),
}

const subsets = (names: readonly string[]): string[][] =>
  names.reduce<string[][]>((all, name) => all.concat(all.map((some) => [...some, name])), [[]])

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Plan Rows': number
  readonly Plans?: readonly Plan[]
}
interface Operation {
  readonly parameters?: readonly { readonly name: string }[]
  readonly responses: Record<
    string,
    { content?: Record<string, { schema?: { properties?: Record<string, { type?: string }> } }> }
  >
}
const isListing = ({ responses }: Operation): boolean =>
  responses['200']?.content?.['application/json']?.schema?.properties?.data?.type === 'array'

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

type Asked = (typeof asked)[number]

/** Nodes that cost more the larger the table is. Putting a page of rows in order does not. */
async function offences({ text, args }: Asked): Promise<string[]> {
  return offending(await postgres.text(`explain (format json) ${text}`, args as never[]))
}

/** The same of the plan that Postgres comes to keep, which is made for any arguments. */
async function offencesOnceKept({ text, args }: Asked): Promise<string[]> {
  const given = args.map((arg) => (arg == null ? 'null' : `'${arg}'`)).join()
  await postgres.text(`set plan_cache_mode = force_generic_plan; prepare kept as ${text}`)
  const plan = await postgres.text<object>(`explain (format json) execute kept (${given})`)
  await postgres.text('deallocate kept; reset plan_cache_mode')
  return offending(plan)
}

function offending([row = {}]: readonly object[]): string[] {
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
  const { paths } = app.swagger() as { paths: Record<string, { get?: Operation }> }
  const listings = Object.entries(paths)
    .filter(([, { get }]) => get && isListing(get))
    .map(([path]) => path)
  const tried = [...lists.map(({ url }) => url), ...Object.keys(inOneOrder)]
  t.strictSame(listings.sort(), tried.sort())
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
          if (chosen.length === 0) wrong.push(...(await offencesOnceKept(statement)))
          if (wrong.length > 0) t.fail(`${sort} ${chosen} ${cursor ? 'after a cursor' : ''}: ${wrong.join()}`)
        }
      }
    }
    t.pass(`${sorts.length * subsets(filters).length * 2} plans were read`)
  })
}

for (const [url, asks] of Object.entries(inOneOrder)) {
  t.test(`${url} in its one order`, async (t) => {
    for (const ask of asks) {
      asked.length = 0
      await ask()
      for (const statement of asked) {
        // By rank: what was found, and no more, has to be put in order.
        const isRanked = url.includes('/search/')
        const wrong = (await offences(statement)).filter((node) => !(isRanked && node.includes('Sort')))
        if (wrong.length > 0) t.fail(`${wrong.join()}: ${statement.text}`, { args: statement.args })
      }
    }
    t.pass(`${asks.length} plans were read`)
  })
}

t.test('a missing index is noticed', async (t) => {
  asked.length = 0
  await app.inject('/api/v1/resources?sort=-name')
  const [statement] = asked
  if (!statement) throw new Error('nothing was asked')
  t.strictSame(await offences(statement), [])
  await postgres.text('begin')
  await postgres.text('drop index resources_name_idx')
  t.match(await offences(statement), ['Sort', 'Seq Scan resources'])
  await postgres.text('rollback')
})
