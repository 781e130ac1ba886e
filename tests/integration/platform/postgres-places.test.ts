/** A connection is waited for as long as a statement may take: nothing begins that its caller was told had failed. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'

const url = await testDatabase(t)

function openPool(statementTimeoutMs: number) {
  const postgres = openPostgres({ url, maxConnections: 1, statementTimeoutMs, name: 'places' })
  t.teardown(() => postgres.close())
  return postgres
}

/** Has the only connection until it is let go. Postgres may end it before that: what waited has long been refused then. */
function held(postgres: ReturnType<typeof openPool>) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const transaction = postgres.transaction(() => promise).catch(() => {})
  return async (): Promise<void> => {
    resolve()
    await transaction
  }
}

t.test('a transaction that found no connection in time is refused, and never begins', async (t) => {
  const postgres = openPool(200)
  const letGo = held(postgres)
  let begun = 0
  const write = async (): Promise<void> => {
    begun += 1
  }
  // Beside each other: after twice the bound Postgres ends the connection that holds still.
  await Promise.all([
    t.rejects(postgres.transaction(write), { code: 'deadline_exceeded', retryAfterSeconds: 1 }),
    t.rejects(postgres.autocommit.text('select 1'), { code: 'deadline_exceeded' }),
  ])
  await letGo()
  t.equal(begun, 0)
  await postgres.transaction(write)
  t.equal(begun, 1, 'its place was not lost')
  t.match(await postgres.autocommit.text('select 1 as one'), [{ one: 1 }])
})

t.test('one that leaves while it waits is told its own reason', async (t) => {
  const postgres = openPool(60_000)
  const letGo = held(postgres)
  const leaving = new AbortController()
  const waiting = postgres.text('select 1', [], leaving.signal)
  leaving.abort(new Error('left'))
  await t.rejects(waiting, { message: 'left' })
  await letGo()
})

t.test('without a bound it waits as long as it takes', async (t) => {
  const postgres = openPool(0)
  const letGo = held(postgres)
  const waiting = postgres.transaction(async () => 'done')
  await letGo()
  t.equal(await waiting, 'done')
})
