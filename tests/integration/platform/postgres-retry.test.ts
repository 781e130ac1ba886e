/** Transactions that fail for each other, not for themselves: they are tried again, and each has its effect once. */

import t from 'tap'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'

const url = await testDatabase(t)

function openPool(): Postgres {
  const postgres = openPostgres({ url, maxConnections: 8, statementTimeoutMs: 30_000, name: 'retry' })
  t.teardown(() => postgres.close())
  return postgres
}

t.test('two that lock each other out both have their effect in the end', async (t) => {
  const postgres = openPool()
  await postgres.text('create table counters (id int primary key, value int not null)')
  await postgres.text('insert into counters values (1, 0), (2, 0)')
  const bothHold = Promise.withResolvers<void>()
  let holding = 0
  let tries = 0
  const add = (first: number, second: number) =>
    postgres.transaction(async (transaction) => {
      tries += 1
      await transaction.text('update counters set value = value + 1 where id = $1', [first])
      holding += 1
      if (holding === 2) bothHold.resolve()
      await bothHold.promise
      await transaction.text('update counters set value = value + 1 where id = $1', [second])
    })
  await Promise.all([add(1, 2), add(2, 1)])
  const rows = await postgres.text<{ value: number }>('select value from counters order by id')
  t.match(rows, [{ value: 2 }, { value: 2 }])
  t.ok(tries > 2, 'Postgres ended one of the two first tries')
})

t.test('when it never goes well it is a conflict, not a fault of ours', async (t) => {
  const postgres = openPool()
  let tries = 0
  const failing = postgres.transaction(async (transaction) => {
    tries += 1
    await transaction.text(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`)
  })
  await t.rejects(failing, { code: 'conflict', retryAfterSeconds: 1 })
  t.equal(tries, 3)
})

t.test('what a statement itself does wrong is not tried again', async (t) => {
  const postgres = openPool()
  let tries = 0
  const failing = postgres.transaction(async (transaction) => {
    tries += 1
    await transaction.text('select 1 / 0')
  })
  await t.rejects(failing, { code: 'validation_failed' })
  t.equal(tries, 1)
})
