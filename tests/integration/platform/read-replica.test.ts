/** Reads from a standby: never older than what was acknowledged, however far it lags, and without it all the same. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { withReadReplica } from '#platform/read-replica.ts'
import { monotonicMs } from '#platform/timers.ts'
import { eventually } from '#tests/support/eventually.ts'
import { freePorts } from '#tests/support/ports.ts'
import { withStandby } from '#tests/support/standby.ts'

const [first = 0, second = 0] = await freePorts(2)
const servers = await withStandby(t, [first, second])
const open = (url: string) => {
  const database = openPostgres({ url, maxConnections: 4, statementTimeoutMs: 10_000, name: 'replica-test' })
  t.teardown(() => database.close())
  return database
}
const primary = open(servers.address(servers.primary))
const standby = open(servers.address(servers.standby))
const database = withReadReplica({ primary, standby, now: monotonicMs, pauseMs: 50 })

const isOnStandby = async (): Promise<boolean> => {
  const [row] = await database.text<{ is: boolean }>('select pg_is_in_recovery() as is')
  return row?.is === true
}
const countRows = async (): Promise<number> =>
  (await database.text<{ n: number }>('select count(*) as n from written'))[0]?.n ?? 0

t.test('whoever wrote reads it at once, and most reads are the standby’s', async (t) => {
  await primary.text('create table written (n int)')
  let fromStandby = 0
  for (let n = 1; n <= 50; n += 1) {
    await database.autocommit.text('insert into written values ($1)', [n])
    t.equal(await countRows(), n)
    if (await isOnStandby()) fromStandby += 1
  }
  t.comment(`${fromStandby} of 50 reads from the standby`)
  await eventually(t, isOnStandby, { withinMs: 60_000 })
})

t.test('a standby that lags is not asked, and is again when it has caught up', async (t) => {
  await standby.text('select pg_wal_replay_pause()')
  await database.transaction((transaction) => transaction.text('insert into written values (51)'))
  t.equal(await countRows(), 51)
  t.notOk(await isOnStandby())
  t.equal((await standby.text('select from written')).length, 50, 'it does lag')
  await standby.text('select pg_wal_replay_resume()')
  await eventually(t, isOnStandby, { withinMs: 60_000 })
  t.equal(await countRows(), 51)
})

t.test('many reads of one turn ask once where the servers are', async (t) => {
  const asked: string[] = []
  const counting: typeof standby = {
    ...standby,
    text: (query, ...rest) => {
      asked.push(query.includes('pg_control_checkpoint') ? 'position' : 'read')
      return standby.text(query, ...rest)
    },
  }
  const counted = withReadReplica({ primary, standby: counting, now: monotonicMs })
  await eventually(t, async () => {
    asked.length = 0
    await Promise.all(Array.from({ length: 20 }, () => counted.text('select from written')))
    return asked.filter((what) => what === 'read').length === 20
  })
  t.ok(asked.filter((what) => what === 'position').length <= 3)
})

t.test('a standby that hangs is left alone, and reads go on', async (t) => {
  const never = () => new Promise<never>(() => {})
  const frozen = { text: never, run: never }
  const besideFrozen = withReadReplica({ primary, standby: frozen, now: monotonicMs })
  for (let tries = 0; tries < 3; tries += 1)
    t.equal((await besideFrozen.text('select from written')).length, 51)
})

t.test('without the standby reads go on', async (t) => {
  await servers.standby.stop()
  for (let tries = 0; tries < 20; tries += 1) t.equal(await countRows(), 51)
  t.notOk(await isOnStandby())
})

t.test('what a statement does wrong is told, and not tried elsewhere', async (t) => {
  await t.rejects(database.text('select nonsense'), { message: /nonsense/ })
})
