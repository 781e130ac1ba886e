/** A Redis that comes back with older contents: a snapshot, or a replica that took over. */

import t from 'tap'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { answer, connect } from '#tests/contracts/cache-replicas.ts'
import { claimOf } from '#tests/support/claims.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRedis } from '#tests/support/redis.ts'

t.test(
  'what another run of the server has stored is void; what the same run has stored is kept',
  async (t) => {
    const { url, prefix } = await testRedis(t)
    const redis = connect(t, url)
    await eventually(t, () => redis.status === 'ready')
    const bus = redisBus({ commands: redis, subscriber: connect(t, url), prefix })
    const store = redisCache({ redis, prefix, id: 'r' })
    await bus.adopt('version-1')
    const claim = await claimOf(store, 'item:1')
    await store.fill('item:1', [], claim, { value: answer('one'), ttlMs: 60_000, keepMs: 0, loadMs: 1 })
    await bus.adopt('version-2')
    t.ok(await store.read('item:1', []))
    await redis.set(`${prefix}cache:run`, 'the run that made the snapshot')
    await bus.adopt('version-3')
    t.equal(await store.read('item:1', []), undefined)
  },
)

t.test('a version that was evicted voids the answers that name it, and their fills', async (t) => {
  const { url, prefix } = await testRedis(t)
  const redis = connect(t, url)
  await eventually(t, () => redis.status === 'ready')
  const store = redisCache({ redis, prefix, id: 'r' })
  const fill = { value: answer('one'), ttlMs: 60_000, keepMs: 0, loadMs: 1 }
  const claim = await claimOf(store, 'items?limit=1', ['items'])
  t.equal(await store.fill('items?limit=1', ['items'], claim, fill), true)
  t.ok(await store.read('items?limit=1', ['items']))
  await redis.del(`${prefix}cache:v:items`)
  t.equal(await store.read('items?limit=1', ['items']), undefined)
  const second = await claimOf(store, 'items?limit=1', ['items'])
  await redis.del(`${prefix}cache:v:items`)
  t.equal(await store.fill('items?limit=1', ['items'], second, fill), false)
})

t.test('a claim whose call got no answer is given back', async (t) => {
  const { url, prefix } = await testRedis(t)
  const [redis, other] = [connect(t, url), connect(t, url)]
  await eventually(t, () => redis.status === 'ready' && other.status === 'ready')
  const store = redisCache({ redis, prefix, id: 'r', claimMs: 60_000 })
  t.equal(await store.read('item:1', []), undefined, 'and Redis knows the script')
  const isClaimed = async () => (await other.exists(`${prefix}cache:f:item:1`)) === 1
  await other.call('CLIENT', 'PAUSE', '300', 'WRITE')
  await t.rejects(store.readOrClaim('item:1', [], 0), { message: 'Command timed out' })
  await eventually(t, isClaimed)
  await eventually(t, async () => !(await isClaimed()))
})
