/** Several servers in DATABASE_URL: the one that takes writes is found, also when it is another one afterwards. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { eventually } from '#tests/support/eventually.ts'
import { freePorts } from '#tests/support/ports.ts'
import { withStandby } from '#tests/support/standby.ts'

t.test('finds the primary among the servers, and the one that became it', async (t) => {
  const [first = 0, second = 0] = await freePorts(2)
  const { primary, standby, address } = await withStandby(t, [first, second])
  const database = openPostgres({
    url: address(standby, primary),
    maxConnections: 4,
    statementTimeoutMs: 2_000,
    name: 'failover-test',
  })
  t.teardown(() => database.close())

  await database.text('create table written (n int)')
  await Promise.all([1, 2, 3, 4].map((n) => database.text('insert into written values ($1)', [n])))

  const onStandby = openPostgres({
    url: address(standby),
    maxConnections: 1,
    statementTimeoutMs: 2_000,
    name: 'failover-test',
  })
  t.teardown(() => onStandby.close())
  const copied = () => onStandby.text('select * from written').then(({ length }) => length === 4)
  await eventually(t, copied, { withinMs: 60_000 })
  await primary.stop()
  // At once, and for good: one that waited for the next primary would be carried out long after it was given up.
  await t.rejects(database.text('insert into written values (5)'), { code: 'dependency_unavailable' })
  await onStandby.text('select pg_promote()')
  await eventually(
    t,
    () =>
      database.text('insert into written values (6)').then(
        () => true,
        () => false,
      ),
    { withinMs: 60_000 },
  )
  await database.transaction(async (transaction) => {
    await transaction.text('insert into written values (7)')
  })
  const rows = await database.text<{ n: number }>('select n from written order by n')
  t.strictSame(
    rows.map(({ n }) => n),
    [1, 2, 3, 4, 6, 7],
  )
})
