/** Redis is full: it refuses whatever needs memory, as it does under `noeviction`, or forgets, as it does as configured. */

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { openRedis } from '#platform/redis.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { startRedis } from '#scripts/engine/redis-server.ts'
import { application } from '#tests/support/application.ts'
import { claimOf } from '#tests/support/claims.ts'
import { eventually } from '#tests/support/eventually.ts'

const path = '/api/v1/resources'
const body = { name: 'One', type: 'document' }

async function ownRedis(t: Test): Promise<{ url: string; orders: Redis }> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-redis-'))
  const socketPath = join(folder, 'redis.sock')
  const server = await startRedis({
    directory: join(folder, 'data'),
    socketPath,
    logFile: join(folder, 'redis.log'),
  })
  const orders = new Redis({ path: socketPath })
  t.teardown(async () => {
    orders.disconnect()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return { url: server.url, orders }
}

t.test('a Redis that refuses every write: nothing fails for it, and limits hold', async (t) => {
  const { url, orders } = await ownRedis(t)
  const app = await application(t, () => ({
    REDIS_URL: url,
    RATE_LIMIT_ANONYMOUS: '30',
  }))
  const member = await app.member()
  const { body: made } = await member.post<{ id: number }>(path, body)
  const one = `${path}/${made.id}`
  t.equal((await member.get(one)).status, 200)

  await orders.config('SET', 'maxmemory-policy', 'noeviction')
  await orders.config('SET', 'maxmemory', '1')
  await t.rejects(orders.set('a', 'b'), /^OOM /)
  for (let round = 0; round < 5; round++) {
    const name = `round ${round}`
    t.match(await member.patch(one, { name }), { status: 200 })
    t.match(await member.get(one), { status: 200, body: { name } }, 'a read sees the write before it')
    t.equal((await member.post(path, body)).status, 201)
  }
  const fresh = await app.member()
  t.equal((await fresh.get('/api/v1/me')).status, 200, 'a credential nobody has seen is checked')
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => app.anonymous.get('/api/v1/status', { remoteAddress: '192.0.2.7' })),
  )
  const passed = answers.filter(({ status }) => status === 200).length
  t.ok(passed > 0 && passed < 100, `${passed} passed, the others are over their limit`)
  t.same([...new Set(answers.map(({ status }) => status))].sort(), [200, 429])

  await orders.config('SET', 'maxmemory', '128mb')
  await eventually(t, async () => (await member.get(one)).headers['cache-status']?.includes('hit'))
  const keys = await eventually(t, async () => {
    await member.get(`${path}?skip=${Math.floor(Math.random() * 1e6)}`)
    return (await orders.keys('*cache:e:*')).length
  })
  t.ok(keys > 0, 'answers are stored again')
})

t.test('what a full Redis holds is read beside what it cannot claim', async (t) => {
  const { url, orders } = await ownRedis(t)
  const redis = openRedis({ url, timeoutMs: 5_000, name: 'full' })
  t.teardown(() => redis.disconnect())
  await once(redis, 'ready')
  const store = redisCache({ redis, prefix: 'full:', id: 'a' })
  const value = { body: '"one"', etag: '"1"' }
  const claim = await claimOf(store, 'known')
  t.equal(await store.fill('known', [], claim, { value, ttlMs: 60_000, keepMs: 60_000, loadMs: 1 }), true)
  await orders.config('SET', 'maxmemory-policy', 'noeviction')
  await orders.config('SET', 'maxmemory', '1')
  // Of one turn: one call of the script.
  const found = await Promise.all(['known', 'unknown'].map((key) => store.readOrClaim(key, [], 0)))
  t.match(found, [{ value: { etag: '"1"' } }, 'written'])
})

t.test('a Redis that forgets all the time, as configured: nothing fails for it', async (t) => {
  const { url, orders } = await ownRedis(t)
  t.match(await orders.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'allkeys-lfu'])
  const app = await application(t, () => ({ REDIS_URL: url }))
  const member = await app.member()
  const { body: made } = await member.post<{ id: number }>(path, body)
  const one = `${path}/${made.id}`
  const evicted = async () => Number(/evicted_keys:(\d+)/.exec(await orders.info('stats'))?.[1])

  const ballast = 'x'.repeat(20_000)
  for (let each = 0; each < 50; each++) await orders.set(`before ${each}`, ballast)
  const used = Number(/used_memory:(\d+)/.exec(await orders.info('memory'))?.[1])
  await orders.config('SET', 'maxmemory', String(used))
  for (let round = 0; round < 20; round++) {
    const name = `round ${round}`
    await orders.set(`during ${round}`, ballast)
    t.match(await member.patch(one, { name }), { status: 200 })
    t.match(await member.get(one), { status: 200, body: { name } }, 'a read sees the write before it')
    t.equal((await member.get(`${path}?skip=${round}`)).status, 200)
    t.equal((await app.anonymous.get('/api/v1/status')).status, 200)
  }
  t.ok((await evicted()) > 0, 'keys gave way')
})
