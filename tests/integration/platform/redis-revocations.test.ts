/** What Redis can tell about a token while Postgres cannot be asked, and when it must say that it cannot. */

import t from 'tap'
import { openRedis } from '#platform/redis.ts'
import { redisRevocations } from '#platform/redis-revocations.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRedis } from '#tests/support/redis.ts'
import type { Scope } from '#tests/support/scope.ts'

async function open(t: Scope) {
  const { url, prefix } = await testRedis(t)
  const redis = openRedis({ url, timeoutMs: 1_000, name: 'test' })
  t.teardown(() => redis.disconnect())
  await eventually(t, () => redis.status === 'ready')
  const revocations = redisRevocations({ redis, prefix, ttlSeconds: 900, everyMs: 50 })
  await eventually(t, () => redis.exists(`${prefix}revoked`))
  return { redis, prefix, revocations }
}

t.test(
  'a subject is revoked for tokens issued before, on every replica, and not for later ones',
  async (t) => {
    const { redis, prefix, revocations } = await open(t)
    const other = redisRevocations({ redis, prefix, ttlSeconds: 900, everyMs: 50 })
    const before = Date.now()
    await revocations.add(['user:7', 'session:12'])
    t.equal(await other.isRevoked(['session:12', 'user:8'], before), true)
    t.equal(await other.isRevoked(['session:13', 'user:8'], Date.now()), false)
    t.equal(await other.isRevoked(['user:7'], Date.now() + 1_000), false)
  },
)

t.test('after a loss nothing can be told about older tokens', async (t) => {
  const { redis, prefix, revocations } = await open(t)
  const before = Date.now()
  await revocations.add(['session:12'])
  await redis.del(`${prefix}revoked`)
  await t.rejects(revocations.isRevoked(['session:12'], before), { code: 'dependency_unavailable' })
  await eventually(t, () => redis.exists(`${prefix}revoked`))
  await t.rejects(revocations.isRevoked(['session:12'], before), { code: 'dependency_unavailable' })
  t.equal(await revocations.isRevoked(['session:12'], Date.now() + 1_000), false)
})

t.test('what Redis could not take is told once it is back, and known here meanwhile', async (t) => {
  const { redis, prefix, revocations } = await open(t)
  const before = Date.now()
  redis.disconnect()
  await revocations.add(['session:12'])
  await t.rejects(revocations.isRevoked(['session:12'], before), { code: 'dependency_unavailable' })
  await eventually(t, () => redis.status === 'end')
  await redis.connect()
  t.equal(await revocations.isRevoked(['session:12'], before), true)
  await eventually(t, () => redis.zscore(`${prefix}revoked`, 'session:12'))
})

t.test('the list forgets what no living token needs', async (t) => {
  const { redis, prefix, revocations } = await open(t)
  await redis.zadd(`${prefix}revoked`, Date.now() - 1_000_000, 'session:1')
  await revocations.add(['session:2'])
  t.strictSame(await redis.zrange(`${prefix}revoked`, 0, '-1'), ['session:2', 'since'])
})
