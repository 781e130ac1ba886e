/** Migrations: up, down and up again give the same schema, and replicas that start together apply each once. */

import t, { type Test } from 'tap'
import { migrate } from '#platform/migrations.ts'
import { openPostgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'

const open = (t: Test, url: string) => {
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000, name: 'test' })
  t.teardown(() => database.close())
  return database
}

/** Everything there is, as text that can be compared. */
async function schemaOf(database: ReturnType<typeof open>): Promise<Record<string, string[]>> {
  const lines = async (query: string): Promise<string[]> =>
    (await database.text<object>(query)).map((row) => Object.values(row).join(' | '))
  return {
    columns: await lines(`select table_name, column_name, data_type, is_nullable, column_default, is_identity
      from information_schema.columns where table_schema = 'public' order by 1, 2`),
    indexes: await lines(`select indexdef from pg_indexes where schemaname = 'public' order by 1`),
    constraints: await lines(`select conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace order by 1, 2`),
    triggers: await lines(
      'select tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1',
    ),
    functions: await lines(
      `select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
    ),
    grants: await lines(`select table_name, grantee, privilege_type from information_schema.role_table_grants
      where table_schema = 'public' order by 1, 2, 3`),
    roles: await lines('select name, permissions from roles order by 1'),
  }
}

t.test('down to nothing and up again is the schema there was', async (t) => {
  const url = await testDatabase(t)
  const database = open(t, url)
  const before = await schemaOf(database)
  const names = (await database.text<{ name: string }>('select name from migrations order by name')).map(
    ({ name }) => String(name),
  )
  t.ok(names.length >= 5)

  const down = await migrate(url, { stepsDown: names.length })
  t.strictSame(
    down,
    names.toReversed().map((name) => ({ name, direction: 'down' })),
  )
  const left = await database.text<{ tableName: string }>(
    `select table_name from information_schema.tables where table_schema = 'public'`,
  )
  t.strictSame(
    left.map((row) => row.tableName),
    ['migrations'],
    'nothing is left behind',
  )
  const reported: string[] = []
  const up = await migrate(url, { report: ({ name, direction }) => reported.push(`${direction} ${name}`) })
  t.strictSame(
    up,
    names.map((name) => ({ name, direction: 'up' })),
  )
  t.strictSame(
    reported,
    names.map((name) => `up ${name}`),
  )
  t.strictSame(await schemaOf(database), before)
  t.strictSame(await migrate(url), [], 'there is nothing more to do')
})

t.test('each step can be taken back by itself', async (t) => {
  const url = await testDatabase(t)
  const database = open(t, url)
  const states = [await schemaOf(database)]
  const count = Number((await database.text<{ n: number }>(`select count(*) as n from migrations`))[0]?.n)
  for (let step = 1; step < count; step++) {
    await migrate(url, { stepsDown: step })
    await migrate(url)
    states.push(await schemaOf(database))
  }
  for (const state of states) t.strictSame(state, states[0])
})

t.test('three that start together apply each migration once', async (t) => {
  const url = await testDatabase(t)
  const count = Number((await open(t, url).text<{ n: number }>(`select count(*) as n from migrations`))[0]?.n)
  await migrate(url, { stepsDown: count })
  const done = await Promise.all([migrate(url), migrate(url), migrate(url)])
  t.strictSame(
    done.map((steps) => steps.length).sort((a, b) => a - b),
    [0, 0, count],
  )
})

t.test('the one that waits for the lock gives up nothing: it goes on when the lock is free', async (t) => {
  const url = await testDatabase(t)
  const database = open(t, url)
  await database.text(`select pg_advisory_lock(7230011)`)
  let isDone = false
  const waiting = migrate(url, { stepsDown: 1 }).then((steps) => {
    isDone = true
    return steps
  })
  const waits = async () =>
    (await database.text(`select 1 from pg_locks where locktype = 'advisory' and not granted`)).length > 0
  while (!(await waits())) await new Promise((resolve) => setImmediate(resolve))
  t.notOk(isDone)
  await database.text(`select pg_advisory_unlock(7230011)`)
  t.equal((await waiting).length, 1)
})
