/** Creates that arrive together share a statement: each keeps its own answer, its own failure and its own key. */

import { getTableColumns } from 'drizzle-orm'
import t from 'tap'
import { collectionStore } from '#modules/collection/collection.store.ts'
import { itemsTable } from '#modules/items/items.table.ts'
import { openPostgres } from '#platform/postgres.ts'
import { application } from '#tests/support/application.ts'

interface Item {
  readonly id: number
  readonly title: string
  readonly owner: { readonly id: number; readonly name: string }
}

const app = await application(t)
const { database } = app
const [ann, ben] = [await app.member({ name: 'Ann' }), await app.member({ name: 'Ben' })]
const path = '/api/v1/items'
const columns = getTableColumns(itemsTable)
const written = ['title', 'description', 'priceCents']
// Enough connections for who holds a lock, who waits for it, and who does not.
const pool = openPostgres({
  url: app.config.DATABASE_URL,
  maxConnections: 4,
  statementTimeoutMs: 30_000,
  name: 'store',
})
t.teardown(() => pool.close())
const store = collectionStore({ table: itemsTable, columns, written, sorts: {}, filters: {} }, pool)
const row = (title: string, ownerId: number) => ({ title, description: null, priceCents: null, ownerId })
// What an insert leaves in the table besides its row: the transaction that wrote it.
const transactionsOf = async (titles: readonly string[]): Promise<number> => {
  const rows = await database.text('select distinct xmin::text from items where title = any($1)', [titles])
  return rows.length
}
const titles = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix} ${n}`)

t.test('creates of one turn share few transactions; each answers with its own thing', async (t) => {
  const wanted = titles('together', 40)
  const answers = await Promise.all(
    wanted.map((title, n) => (n % 2 === 0 ? ann : ben).post<Item>(path, { title })),
  )
  for (const [n, { status, headers, body }] of answers.entries()) {
    t.match(
      { status, body },
      { status: 201, body: { title: wanted[n], owner: { name: n % 2 === 0 ? 'Ann' : 'Ben' } } },
    )
    t.equal(headers.location, `${path}/${body.id}`)
    t.strictSame((await ann.get(`${path}/${body.id}`)).body, body)
  }
  t.equal(new Set(answers.map(({ body }) => body.id)).size, 40)
  t.ok((await transactionsOf(wanted)) < 20)
})

t.test('a row that the database refuses fails alone', async (t) => {
  await database.text(`alter table items add constraint t check (title <> 'refused')`)
  const wanted = [...titles('neighbour', 20), 'refused', ...titles('after', 20)]
  const answers = await Promise.all(wanted.map((title) => ann.post<Item>(path, { title })))
  for (const [n, { status }] of answers.entries()) {
    t.equal(status < 400, wanted[n] !== 'refused', `${wanted[n]}: ${status}`)
  }
  const [row] = await database.text<{ n: number }>(
    'select count(*)::int as n from items where title = any($1)',
    [wanted],
  )
  t.equal(row?.n, 40)
})

t.test('who waits for a lock on its account keeps nobody else waiting', async (t) => {
  const isLocked = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const locking = database.transaction(async (transaction) => {
    await transaction.text('select 1 from users where id = $1 for update', [ann.id])
    isLocked.resolve()
    await release.promise
  })
  await isLocked.promise
  let isReleased = false
  // By the store itself: two inserts of one turn are one statement for sure.
  const held = store.insert(pool.autocommit, row('held', ann.id)).finally(() => t.ok(isReleased))
  const free = await store.insert(pool.autocommit, row('free', ben.id))
  t.match(free, { title: 'free', ownerId: ben.id })
  isReleased = true
  release.resolve()
  await locking
  t.match(await held, { title: 'held', ownerId: ann.id })
})

t.test('a keyed create still has its transaction: one effect, its answer kept beside it', async (t) => {
  const create = (key: string) =>
    ann.post<Item>(path, { title: `keyed ${key}` }, { headers: { 'idempotency-key': key } })
  const first = await Promise.all(['a', 'b', 'c'].map(create))
  const again = await Promise.all(['a', 'b', 'c'].map(create))
  t.strictSame(
    again.map(({ body }) => body),
    first.map(({ body }) => body),
  )
  t.ok(again.every(({ headers }) => headers['idempotency-replayed'] === 'true'))
  const [row] = await database.text<{ n: number }>(
    `select count(*)::int as n from items where title like 'keyed %'`,
  )
  t.equal(row?.n, 3)
})

t.test(
  'a batch is one statement: its rows have one transaction and the order they were sent in',
  async (t) => {
    const items = titles('batch', 100).map((title) => ({ title }))
    const { status, body } = await ann.post<{ data: Item[] }>(`${path}/batch`, { items })
    t.equal(status, 201)
    t.strictSame(
      body.data.map(({ title }) => ({ title })),
      items,
    )
    t.strictSame(
      body.data.map(({ id }) => id),
      body.data.map(({ id }) => id).sort((a, b) => a - b),
    )
    t.equal(await transactionsOf(titles('batch', 100)), 1)
  },
)
