/** The registry in Redis: what one of its listeners does wrong is told, and nobody else's loss. */

import t from 'tap'
import { unreported } from '#kernel/replicas.ts'
import { openRedis } from '#platform/redis.ts'
import { redisRegistry } from '#platform/redis-registry.ts'
import { monotonicMs } from '#platform/timers.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRedis } from '#tests/support/redis.ts'

t.test('a listener that throws stops neither the others nor the beat', async (t) => {
  const { url, prefix } = await testRedis(t)
  const redis = openRedis({ url, timeoutMs: 10_000, name: 'registry' })
  t.teardown(() => redis.disconnect())
  await eventually(t, () => redis.status === 'ready')
  const told: unknown[] = []
  const registry = redisRegistry({
    ...{ redis, prefix, expected: 1, now: monotonicMs },
    failed: (error) => told.push(error),
    report: () => ({
      ...unreported,
      instanceId: 'api-1',
      version: '1.0.0',
      startedAt: '2026-01-01T00:00:00Z',
      state: 'up',
      address: 'http://127.0.0.1:1',
    }),
  })
  const wrong = new Error('wrong')
  let heard = 0
  registry.onBeat(() => {
    throw wrong
  })
  registry.onBeat(() => {
    heard += 1
  })
  await registry.beat()
  await registry.beat()
  t.equal(heard, 2)
  t.strictSame(told, [wrong, wrong])
})
