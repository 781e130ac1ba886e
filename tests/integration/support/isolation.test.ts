/** What test files rely on: databases and prefixes of their own, given back at the end. */

import { Redis } from 'ioredis'
import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { addresses } from '#tests/support/addresses.ts'
import { testDatabase } from '#tests/support/database.ts'
import { testRedis } from '#tests/support/redis.ts'
import type { Scope } from '#tests/support/scope.ts'

const open = (t: Scope, url: string) => {
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 5_000, name: 'test' })
  t.teardown(() => database.close())
  return database
}

const connect = async (t: Scope) => {
  const { redisUrl } = await addresses()
  const redis = new Redis(redisUrl.replace('unix://', ''))
  t.teardown(() => redis.disconnect())
  return redis
}

t.test('two databases are migrated, and do not see each other', async (t) => {
  const [one, other] = await Promise.all([testDatabase(t), testDatabase(t)])
  t.not(one, other)
  const first = open(t, one)
  await first.text('create table mark (id int)')
  const tables = await open(t, other).text<{ name: string }>(`
    select table_name as name from information_schema.tables where table_schema = 'public'`)
  const names = tables.map((row) => row.name)
  t.ok(names.includes('migrations'), 'the template was migrated')
  t.notOk(names.includes('mark'), 'nothing of the other database is here')
})

t.test('a database is gone when its test has ended, connections or not', async (t) => {
  let url = ''
  await t.test('the test that uses it', async (t) => {
    url = await testDatabase(t)
  })
  await t.rejects(open(t, url).text(`select 1`), { code: '3D000' })
})

t.test('the keys under a prefix are removed with its test, and no others', async (t) => {
  const redis = await connect(t)
  const kept = await testRedis(t)
  await redis.set(`${kept.prefix}a`, '1')
  let gone = ''
  await t.test('the test that writes', async (t) => {
    gone = (await testRedis(t)).prefix
    await redis.mset(`${gone}a`, '1', `${gone}b`, '2')
  })
  t.not(gone, kept.prefix)
  t.equal(await redis.exists(`${gone}a`, `${gone}b`), 0)
  t.equal(await redis.exists(`${kept.prefix}a`), 1)
})
