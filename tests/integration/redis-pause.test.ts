import t from 'tap'
import { openRedis } from '#platform/redis.ts'
import { pausingAfterTimeout } from '#platform/redis-pause.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRedis } from '#tests/support/redis.ts'

t.test(
  'after one command without an answer the next ones fail at once, until a moment has passed',
  async (t) => {
    const { url, prefix } = await testRedis(t)
    let time = 0
    const redis = pausingAfterTimeout(openRedis({ url, timeoutMs: 500, name: 'test' }), () => time)
    t.teardown(() => redis.disconnect())
    await eventually(t, () => redis.status === 'ready')
    const block = () => redis.call('BLPOP', `${prefix}nothing`, '2')

    await redis.set(`${prefix}a`, '1', 'PX', 60_000)
    await t.rejects(block(), /timed out/)
    await t.rejects(redis.get(`${prefix}a`), /no answer a moment ago/)
    time += 249
    await t.rejects(redis.get(`${prefix}a`), /no answer a moment ago/)
    time += 1
    await eventually(t, async () => {
      // Every further timeout begins a pause of its own.
      time += 250
      return (await redis.get(`${prefix}a`)) === '1'
    })
  },
)
