/** The scripts in Redis and the reference in memory: one suite, and then the same answers to the same asks. */

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import type { Ask, BucketStore } from '#kernel/limiter/bucket-store.ts'
import type { Policy } from '#kernel/limiter/policy.ts'
import { memoryBuckets } from '#platform/memory-buckets.ts'
import { redisBuckets } from '#platform/redis-buckets.ts'
import { testRedis } from '#tests/support/redis.ts'

const tokens: Policy = { name: 'tokens', capacity: 40, refillPerSecond: 10, windowSeconds: 4 }
const counted: Policy = { ...tokens, name: 'counted', algorithm: 'sliding-window' }

const ask = (ticket: number, given: Partial<Ask> = {}): Ask => ({
  key: 'k',
  policy: tokens,
  base: 0,
  ticket,
  spent: 0,
  back: 0,
  want: 0,
  needs: [],
  outage: undefined,
  ownTokens: 13,
  ...given,
})
const one = { cost: 1, count: 1, isHeld: false }

interface Stores {
  readonly redis: BucketStore
  readonly memory: BucketStore
  advance(ms: number): Promise<void>
}

/** Both with the same time, in the hand of the test: where the scripts ask Redis for it, they read a key. */
async function stores(t: Test): Promise<Stores> {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url.replace(/^unix:\/\//, ''))
  t.teardown(() => redis.disconnect())
  await new Promise((resolve) => redis.once('ready', resolve))
  const clock = `${prefix}clock`
  // Beside the true time, so that the keys' expiry, which Redis does by itself, comes no earlier.
  let micros = Date.now() * 1_000 + 123
  const tell = () =>
    redis
      .multi()
      .del(clock)
      .rpush(clock, Math.floor(micros / 1e6), micros % 1e6)
      .exec()
  await tell()
  const readScript = (name: string) =>
    readFileSync(new URL(`../../redis/scripts/${name}.lua`, import.meta.url), 'utf8').replace(
      "redis.call('TIME')",
      `redis.call('LRANGE', '${clock}', 0, 1)`,
    )
  return {
    redis: redisBuckets({ redis, prefix, timeoutMs: 5_000, readScript }),
    memory: memoryBuckets(() => micros),
    advance: async (ms) => {
      micros += ms * 1_000
      await tell()
    },
  }
}

for (const which of ['redis', 'memory'] as const) {
  t.test(`${which}: admits as many as there are tokens and says when the next can pass`, async (t) => {
    const { [which]: store, advance } = await stores(t)
    const [first] = await store.settle('a', [ask(1, { needs: [{ ...one, count: 50 }] })])
    t.match(first, { admitted: [40], left: 0, leased: 0, waitMs: 100 })
    await advance(100)
    const [next] = await store.settle('b', [ask(1, { needs: [{ ...one, count: 2 }] })])
    t.match(next, { admitted: [1], waitMs: 100 })
  })

  t.test(`${which}: leases a quarter at most and counts it until it ends`, async (t) => {
    const { [which]: store, advance } = await stores(t)
    const [grant] = await store.settle('a', [ask(1, { want: 1_000 })])
    t.match(grant, { leased: 10, left: 30, leaseMs: 5_000 })
    await advance(4_000)
    t.match((await store.settle('b', [ask(1)]))[0], { left: 30 }, 'no refill into what is leased')
    await advance(1_500)
    t.match((await store.settle('b', [ask(2)]))[0], { left: 35 }, 'refilled since the lease ended')
  })

  t.test(`${which}: takes back what is unspent, once`, async (t) => {
    const { [which]: store } = await stores(t)
    await store.settle('a', [ask(1, { want: 10 })])
    const back = ask(2, { base: 1, spent: 4, back: 6 })
    t.match((await store.settle('a', [back]))[0], { isLeaseKnown: true, left: 36 })
    t.match((await store.settle('a', [back]))[0], { isLeaseKnown: false, left: 36 })
  })

  t.test(`${which}: does nothing for a call it has seen`, async (t) => {
    const { [which]: store } = await stores(t)
    await store.settle('a', [ask(7, { want: 8, needs: [one] })])
    t.match((await store.settle('a', [ask(7, { want: 8, needs: [one] })]))[0], { isRepeated: true })
    t.match((await store.settle('b', [ask(1)]))[0], { left: 31 })
  })

  t.test(`${which}: leaves out of the refill what fell into an outage`, async (t) => {
    const { [which]: store, advance } = await stores(t)
    await store.settle('a', [ask(1, { needs: [{ ...one, count: 40 }] })])
    await advance(3_000)
    const outage = { lostAgoMs: 2_500, foundAgoMs: 500 }
    t.match((await store.settle('a', [ask(2, { outage })]))[0], { left: 10 })
    t.match((await store.settle('b', [ask(1, { outage })]))[0], { left: 10 }, 'it was left out once')
  })

  t.test(
    `${which}: a bucket lost with the store begins with what its holder would still have given`,
    async (t) => {
      const { [which]: store } = await stores(t)
      const outage = { lostAgoMs: 9_000, foundAgoMs: 500 }
      t.match((await store.settle('a', [ask(1, { outage })]))[0], { left: 18 })
    },
  )

  t.test(`${which}: a sliding window remembers the one before by its share`, async (t) => {
    const { [which]: store, advance } = await stores(t)
    const policy = counted
    const all = { policy, needs: [{ ...one, count: 99 }] }
    t.match((await store.settle('a', [ask(1, all)]))[0], { admitted: [40] })
    await advance(4_000)
    const [grant] = await store.settle('a', [ask(2, all)])
    t.ok((grant?.admitted[0] ?? 99) < 40)
    await advance(grant?.waitMs ?? 0)
    t.match((await store.settle('a', [ask(3, { policy, needs: [one] })]))[0], { admitted: [1] })
  })

  t.test(`${which}: settles several buckets in one call, in order`, async (t) => {
    const { [which]: store } = await stores(t)
    const grants = await store.settle(
      'a',
      ['x', 'y', 'z'].map((key, index) => ask(index + 1, { key, needs: [{ ...one, count: index + 1 }] })),
    )
    t.strictSame(
      grants.map((grant) => grant.left),
      [39, 38, 37],
    )
    t.strictSame(await store.settle('a', []), [])
  })
}

const amount = fc.nat({ max: 30 })
const step = fc.record({
  passMs: fc.constantFrom(0, 1, 40, 900, 2_500, 6_000),
  holder: fc.constantFrom('a', 'b', 'c'),
  policy: fc.constantFrom(tokens, counted),
  given: fc.record({
    base: fc.nat({ max: 40 }),
    spent: amount,
    back: amount,
    want: amount,
    ownTokens: fc.nat({ max: 40 }),
    needs: fc.array(
      fc.record({
        cost: fc.integer({ min: 1, max: 9 }),
        count: fc.integer({ min: 1, max: 9 }),
        isHeld: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    outage: fc.option(
      fc
        .record({ foundAgoMs: fc.nat({ max: 3_000 }), awayMs: fc.nat({ max: 6_000 }) })
        .map(({ foundAgoMs, awayMs }) => ({ foundAgoMs, lostAgoMs: foundAgoMs + awayMs })),
      { nil: undefined, freq: 5 },
    ),
  }),
})

t.test('the scripts answer as the reference does, whatever the history', async (t) => {
  const { redis, memory, advance } = await stores(t)
  let histories = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
      const key = `history-${++histories}`
      const last = new Map<string, number>()
      for (const [index, { passMs, holder, policy, given }] of steps.entries()) {
        await advance(passMs)
        const lease = `${holder}:${policy.name}`
        // Mostly the ticket of the holder's lease, sometimes another.
        const base = given.base < 30 ? (last.get(lease) ?? 0) : given.base
        const asked = ask(index + 1, { ...given, key, policy, base })
        const [[expected], [actual]] = await Promise.all([
          memory.settle(holder, [asked]),
          redis.settle(holder, [asked]),
        ])
        last.set(lease, index + 1)
        t.strictSame(actual, expected) || t.comment(asked)
      }
      return t.passing()
    }),
    { numRuns: 60 },
  )
})

t.test(
  'rejects within its bound when Redis does not answer, and at once when it is not connected',
  async (t) => {
    const { url, prefix } = await testRedis(t)
    const redis = new Redis(url.replace(/^unix:\/\//, ''), { lazyConnect: true })
    t.teardown(() => redis.disconnect())
    const store = redisBuckets({ redis, prefix, timeoutMs: 20 })
    await t.rejects(store.settle('a', [ask(1)]), { message: 'Redis is wait' })
    await redis.connect()
    const busy = new Redis(url.replace(/^unix:\/\//, ''))
    t.teardown(() => busy.disconnect())
    await busy.call('CLIENT', 'PAUSE', '100', 'ALL')
    await t.rejects(store.settle('a', [ask(1)]), { message: 'Settling took longer than 20 ms' })
    const lost = new Promise<void>((resolve) => store.onLoss(resolve))
    redis.disconnect()
    await lost
  },
)
