/** Seeding again beside people who write: the ids they are given stay new. */

import t from 'tap'
import { passSeeded, seedDemoAccounts } from '#modules/users/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'

t.test('new ids begin after the seeded ones, and never go back', async (t) => {
  const postgres = openPostgres({
    url: await testDatabase(t),
    maxConnections: 2,
    statementTimeoutMs: 30_000,
    name: 'seed',
  })
  t.teardown(() => postgres.close())
  await postgres.transaction(seedDemoAccounts)
  const given = async (): Promise<number> => {
    const rows = await postgres.text<{ id: number }>(
      `select nextval(pg_get_serial_sequence('users', 'id')) as id`,
    )
    return rows[0]?.id ?? 0
  }
  t.equal(await given(), 3, 'after the accounts of the demo')
  // Given out, and not yet to be seen: its transaction is still open.
  t.equal(await given(), 4)
  await postgres.transaction((transaction) => passSeeded(transaction, 'users'))
  t.equal(await given(), 5)
})
