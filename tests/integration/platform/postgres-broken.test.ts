/** Connections that break under what is asked over them: it fails, whatever comes after does not, and nothing runs elsewhere. */

import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'
import { eventually } from '#tests/support/eventually.ts'
import { postgresProxy } from '#tests/support/postgres-proxy.ts'

const url = await testDatabase(t)

function openPool(t: Test, { at = url, name = 'broken', maxConnections = 1 } = {}): Postgres {
  const postgres = openPostgres({ url: at, maxConnections, statementTimeoutMs: 5_000, name })
  t.teardown(() => postgres.close())
  return postgres
}

const observer = openPool(t, { name: 'observer' })
await observer.text('create table written (name text)')

const backends = (name: string) =>
  observer.text<{ state: string; query: string }>(
    'select state, query from pg_stat_activity where application_name = $1',
    [name],
  )

/** Ends them as an administrator does, and waits until they are gone. */
async function terminate(t: Test, name: string): Promise<void> {
  await observer.text('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
    name,
  ])
  await eventually(t, async () => (await backends(name)).length === 0)
}

const one = [{ one: 1 }]
const askOne = (postgres: Postgres) => postgres.text<{ one: number }>('select 1 as one')

t.test('who comes after is not told what broke before', async (t) => {
  const postgres = openPool(t, { name: 'after' })
  const broken = t.rejects(postgres.text('select pg_sleep(60)'), { code: 'dependency_unavailable' })
  await eventually(t, async () => (await backends('after'))[0]?.state === 'active')
  await terminate(t, 'after')
  await broken
  t.equal(postgres.isReachable(), false)
  t.match(await askOne(postgres), one)
  t.equal(postgres.isReachable(), true)
})

t.test('a transaction whose connection ends between two statements fails with the second', async (t) => {
  const postgres = openPool(t, { name: 'between' })
  const failing = postgres.transaction(async (transaction) => {
    await transaction.text(`insert into written values ('before')`)
    await terminate(t, 'between')
    await t.rejects(transaction.text(`insert into written values ('after')`), {
      code: 'dependency_unavailable',
    })
    // As somebody might who does not mind that one of several things failed.
    return 'done'
  })
  await t.rejects(failing, { code: 'dependency_unavailable' })
  t.match(await askOne(postgres), one)
  t.strictSame([...(await observer.text(`select from written where name in ('before', 'after')`))], [])
})

t.test('what a dead transaction goes on to ask never runs in the one that came after it', async (t) => {
  const postgres = openPool(t, { name: 'dead' })
  const isOpen = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const dead = postgres.transaction(async (transaction) => {
    await transaction.text('select 1')
    isOpen.resolve()
    await goOn.promise
    await transaction.text(`insert into written values ('dead')`)
  })
  const failed = t.rejects(dead, { code: 'dependency_unavailable' })
  await isOpen.promise
  await terminate(t, 'dead')
  const living = postgres.transaction(async (transaction) => {
    await transaction.text(`insert into written values ('living')`)
    goOn.resolve()
    await failed
    await transaction.text(`insert into written values ('still living')`)
  })
  goOn.resolve()
  await living
  const rows = await observer.text<{ name: string }>(
    `select name from written where name in ('dead', 'living', 'still living')`,
  )
  t.strictSame(
    rows.map(({ name }) => name),
    ['living', 'still living'],
  )
})

for (const how of ['reset', 'end'] as const) {
  t.test(`a pool that lost all its connections (${how}) has them all again`, async (t) => {
    const proxy = await postgresProxy(t, url)
    const postgres = openPool(t, { at: proxy.url, name: how, maxConnections: 4 })
    const counts = { done: 0, failed: 0 }
    let isOver = false
    const writer = async (number: number): Promise<void> => {
      for (let count = 0; !isOver; count++) {
        const writing = postgres.transaction(async (transaction) => {
          await transaction.text('select $1::int as one', [number])
          await transaction.text('select $1::text as text', [`${count}`.repeat(number * 100)])
        })
        await writing.then(
          () => counts.done++,
          () => counts.failed++,
        )
        // Others have to have their turn, also where all fails at once.
        await turn()
      }
    }
    t.teardown(() => {
      isOver = true
    })
    const writers = Promise.all([0, 1, 2, 3, 4, 5].map(writer))
    for (let round = 0; round < 20; round++) {
      const before = counts.done
      await eventually(t, () => counts.done > before + 20)
      proxy.cut(how)
    }
    isOver = true
    await writers
    t.ok(counts.failed > 0, 'some were under way')
    // At once, so that each connection there may be is used.
    const startedAt = performance.now()
    const asked = await Promise.all([1, 2, 3, 4].map(() => askOne(postgres)))
    t.match(asked, [one, one, one, one])
    t.ok(performance.now() - startedAt < 1_500, 'without waiting for one that never comes')
  })
}

t.test(
  'a server that hangs up before a word is away: no statement waits for it, nobody calls it over and over',
  async (t) => {
    const proxy = await postgresProxy(t, url)
    const postgres = openPool(t, { at: proxy.url, name: 'hung-up' })
    proxy.letIn(false)
    await t.rejects(askOne(postgres), { code: 'dependency_unavailable' })
    t.equal(proxy.met, 1)
    proxy.letIn(true)
    t.match(await askOne(postgres), one)
  },
)
