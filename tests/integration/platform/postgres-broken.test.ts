/** Connections that break under what is asked over them: it fails, whatever comes after does not, and nothing runs elsewhere. */

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { postgresAddress } from '#platform/postgres-address.ts'
import { Connection } from '#platform/postgres-connection.ts'
import { asApplication, testDatabase } from '#tests/support/database.ts'
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
  const postgres = openPool(t, { name: 'dead', maxConnections: 2 })
  const goOn = Promise.withResolvers<void>()
  const isOpen = Promise.withResolvers<void>()
  const dead = postgres.transaction(async (transaction) => {
    await transaction.text('select 1')
    isOpen.resolve()
    await goOn.promise
    await transaction.text(`insert into written values ('dead')`)
  })
  const failed = t.rejects(dead, { code: 'dependency_unavailable' })
  await isOpen.promise
  await terminate(t, 'dead')
  await postgres.transaction(async (transaction) => {
    await transaction.text(`insert into written values ('living')`)
    goOn.resolve()
    await failed
    await transaction.text(`insert into written values ('still living')`)
  })
  const rows = await observer.text<{ name: string }>(
    `select name from written where name in ('dead', 'living', 'still living')`,
  )
  t.strictSame(
    rows.map(({ name }) => name),
    ['living', 'still living'],
  )
})

t.test('what fails unheeded is not committed', async (t) => {
  const postgres = openPool(t)
  const failing = postgres.transaction(async (transaction) => {
    await transaction.text(`insert into written values ('unheeded')`)
    void transaction.text('select 1 / 0').catch(() => {})
  })
  await t.rejects(failing, { code: 'validation_failed' })
  t.strictSame(await observer.text(`select from written where name = 'unheeded'`), [])
})

t.test('of statements side by side in a transaction that breaks each is told', async (t) => {
  const postgres = openPool(t)
  const outcomes = postgres.transaction((transaction) =>
    Promise.allSettled(
      [1, undefined, 3, 4, 5, 6].map((value) => transaction.text('select $1::int', [value])),
    ),
  )
  await t.rejects(outcomes)
  t.match(await askOne(postgres), one, 'its place is free again')
})

t.test('all that is asked over a connection that is ended is settled', async (t) => {
  const { url: address, socket } = postgresAddress(url)
  const connection = new Connection({ url: address, socket, settings: {} })
  const asked = Array.from({ length: 6 }, () => connection.run({ text: 'select pg_sleep(0.1)' }, []))
  const outcomes = Promise.allSettled(asked)
  await asked[0]
  await connection.end()
  t.match((await outcomes).at(-1), { status: 'rejected' })
})

t.test('a cancellation that meets the end of a transaction leaves nothing of it behind', async (t) => {
  const postgres = openPool(t, { name: 'cancelled' })
  let isOver = false
  // So often that some meet the rollback itself.
  const flood = `do $$ declare target int; begin
    select pid into target from pg_stat_activity where application_name = 'cancelled';
    for n in 1 .. 20000 loop perform pg_cancel_backend(target); end loop; end $$`
  const cancelling = (async () => {
    while (!isOver) await observer.text(flood)
  })()
  const met = new Set<unknown>()
  for (let round = 0; round < 1_000; round++) {
    await t.rejects(postgres.transaction(() => Promise.reject(new Error('refused'))))
    await askOne(postgres).catch(({ code }) => met.add(code))
  }
  isOver = true
  await cancelling
  met.delete('deadline_exceeded')
  t.strictSame([...met], [], 'only what a cancellation is called itself')
})

t.test('each that is refused at the door asked for itself', async (t) => {
  const full = await testDatabase(t)
  const owner = openPool(t, { at: full, name: 'owner' })
  const name = new URL(full).pathname.slice(1)
  await owner.text(`alter database ${name} connection limit 0`)
  const proxy = await postgresProxy(t, asApplication(full))
  const postgres = openPool(t, { at: proxy.url })
  const refused = await Promise.allSettled([1, 2, 3].map(() => askOne(postgres)))
  t.match(
    refused.map((each) => each.status === 'rejected' && each.reason.cause),
    [{ code: '53300' }, { code: '53300' }, { code: '53300' }],
  )
  t.equal(proxy.met, 3)
  await owner.text(`alter database ${name} connection limit -1`)
  t.match(await askOne(postgres), one)
})

t.test('who leaves while the connection is being made does not wait for it', async (t) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const postgres = openPool(t, { at: `postgres://sluice@127.0.0.1:${port}/any` })
  const leaving = new AbortController()
  const met = once(silent, 'connection')
  const asked = postgres.text('select 1', [], leaving.signal)
  const [client] = await met
  leaving.abort(new Error('left'))
  await t.rejects(asked, { cause: { code: 'CONNECTION_CLOSED' } }, 'not the end of its patience')
  client.destroy()
})

t.test('an address that nobody can connect with is refused at once', async (t) => {
  const at = new URL(url)
  at.searchParams.set('target_session_attrs', 'anything')
  t.throws(() => openPool(t, { at: at.href }), /anything/)
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
    // At once, so that each connection there may be is used: one that stayed dead fails when its patience ends.
    const asked = await Promise.all([1, 2, 3, 4].map(() => askOne(postgres)))
    t.match(asked, [one, one, one, one])
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
