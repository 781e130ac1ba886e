/** How often Postgres is asked: a page once, however many owners its things have; the ones of one turn together. */

import t from 'tap'
import type { Cache, Load } from '#kernel/cache/cache.ts'
import type { Database, Session } from '#kernel/database.ts'
import { items } from '#modules/items/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'

const postgres = openPostgres({
  url: await testDatabase(t),
  maxConnections: 2,
  statementTimeoutMs: 5_000,
  name: 'test',
})
t.teardown(() => postgres.close())
await postgres.text(`
  insert into users (email, name) select n || '@example.com', 'Owner ' || n from generate_series(1, 100) n;
  insert into items (title, owner_id) select 'item ' || n, n from generate_series(1, 100) n`)

let queries = 0
const counted = (session: Session): Session => ({
  run: (statement, args, signal) => {
    queries++
    return session.run(statement, args, signal)
  },
  text: (query, args, signal) => {
    queries++
    return session.text(query, args, signal)
  },
})
const database: Database = {
  ...counted(postgres),
  autocommit: counted(postgres.autocommit),
  transaction: (work) => postgres.transaction((transaction) => work(counted(transaction))),
  isReachable: postgres.isReachable,
}
const cache = {
  through: async (_key: string, load: Load) => ({
    value: await load(),
    status: 'miss',
    detail: 'postgres',
    ttlSeconds: 0,
  }),
} as Partial<Cache> as Cache
const { reads } = items({ database, cache, write: undefined as never })
const parsed = async (read: ReturnType<typeof reads.one>) => {
  const { value } = await read
  return value === undefined ? undefined : JSON.parse(value.body.toString())
}

t.test('a page of a hundred things of a hundred owners is one query', async (t) => {
  queries = 0
  const query = { limit: 100, skip: 0, sort: 'createdAt', cursor: undefined, filters: {} }
  const page = await parsed(reads.list(query))
  t.equal(queries, 1)
  t.equal(page.data.length, 100)
  t.strictSame(
    page.data.map((item: { owner: object }) => item.owner),
    Array.from({ length: 100 }, (_, n) => ({ id: n + 1, name: `Owner ${n + 1}` })),
  )
})

t.test('things that are asked for in one turn are one query, each found or not', async (t) => {
  queries = 0
  const found = await Promise.all([1, 2, 3, 2, 777].map((id) => parsed(reads.one(id))))
  t.equal(queries, 1)
  t.strictSame(
    found.map((item) => item?.owner.name),
    ['Owner 1', 'Owner 2', 'Owner 3', 'Owner 2', undefined],
  )
})
