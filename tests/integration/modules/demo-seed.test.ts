/** The accounts of the demo: seeded again beside people who write, and named to nobody outside demo mode. */

import t from 'tap'
import { passSeeded, seedDemoAccounts } from '#modules/users/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { application } from '#tests/support/application.ts'
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

t.test('whom anybody may sign in as is told in demo mode, and nowhere else', async (t) => {
  const told = async (DEMO: string): Promise<unknown> => {
    const { anonymous } = await application(t, () => ({ DEMO }))
    const { body } = await anonymous.get<{ demoAccounts?: unknown }>('/api/v1/status')
    return body.demoAccounts
  }
  t.match(await told('true'), [
    { email: 'admin@example.com', password: 'admin123' },
    { email: 'user@example.com' },
  ])
  t.equal(await told('false'), undefined)
})
