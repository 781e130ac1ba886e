/** What the cache asks of Redis, counted by Redis itself, and what it adds to a write. */

import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { CacheRead } from '#kernel/cache/cache.ts'
import { answer, redis as openShared, type Replica } from '#tests/contracts/cache-replicas.ts'
import { addresses } from '#tests/support/addresses.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type MonitoredCommand, monitorRedis } from '#tests/support/redis-monitor.ts'

const shared = await openShared(t)
// A lease that runs out, as 250 ms may on a machine that stands still, costs calls that no request caused.
const leaseMs = 5_000
const replicas: Replica[] = await Promise.all([1, 2, 3].map(() => shared.replica({ leaseMs })))
const [first, second] = replicas as [Replica, Replica]
const monitor = await monitorRedis(t, (await addresses()).redisUrl)

let marks = 0

/** Resolves when the monitor has shown all that Redis has done until now. */
async function monitored(): Promise<void> {
  marks += 1
  const key = `item:mark-${marks}"`
  const { promise, resolve } = Promise.withResolvers<void>()
  const listener = ({ line }: MonitoredCommand): void => {
    if (line.includes(shared.prefix) && line.includes(key)) resolve()
  }
  monitor.listen(listener)
  await first.store.read(`item:mark-${marks}`, [])
  await promise
  monitor.unlisten(listener)
}

/** Commands of this cache during `work`: other files use the same Redis, and the beats of the lease belong to no request. */
async function callsOf(work: () => unknown): Promise<string[]> {
  const calls: string[] = []
  const listener = ({ name, line, isOfScript }: MonitoredCommand): void => {
    const isOurs = !isOfScript && line.includes(`${shared.prefix}cache:`)
    const isBeatOrMark = line.includes('[\\"beat\\"') || line.includes('item:mark-')
    if (isOurs && !isBeatOrMark) calls.push(name)
  }
  await monitored()
  monitor.listen(listener)
  await work()
  await monitored()
  monitor.unlisten(listener)
  return calls
}

// A writer must have listened for one lease before it knows everybody.
await first.cache.write(['item:0'], async () => {})
const load = async () => answer('one')
// The first use of a script sends its text.
for (const { cache, store } of replicas) {
  await cache.through('item:0', load)
  await eventually(t, () => store.read('item:0', []))
  await cache.clear()
}

t.test(
  'a miss costs a read that claims and a fill, a shared hit one read, a local hit nothing',
  async (t) => {
    const stored = () => eventually(t, () => first.store.read('item:1', []))
    const missed = await callsOf(async () => {
      await first.cache.through('item:1', load)
      await new Promise(setImmediate)
    })
    t.strictSame(missed.slice(0, 2), ['evalsha', 'evalsha'])
    await stored()
    t.strictSame(await callsOf(() => second.cache.through('item:1', load)), ['evalsha'])
    t.strictSame(await callsOf(() => second.cache.through('item:1', load)), [])
  },
)

t.test('the reads of one turn share one call', async (t) => {
  const keys = [11, 12, 13, 14].map((id) => `item:${id}`)
  const readAll = (of: Replica): Promise<CacheRead[]> =>
    Promise.all(keys.map((key) => of.cache.through(key, load)))
  await readAll(first)
  for (const key of keys) await eventually(t, () => first.store.read(key, []))
  t.strictSame(await callsOf(() => readAll(second)), ['evalsha'])
})

t.test('a write costs a mark, an invalidation and one acknowledgement of each other replica', async (t) => {
  const calls = await callsOf(() => first.cache.write(['item:1', 'items'], async () => {}))
  t.strictSame(calls.toSorted(), ['evalsha', 'evalsha', 'publish', 'publish'])
})

t.test(
  'writes one after the other cost no more each than one alone; what that takes is printed',
  async (t) => {
    const writes = 300
    const measured = async (write: (id: number) => Promise<unknown>): Promise<number[]> => {
      const times: number[] = []
      for (let id = 0; id < writes; id += 1) {
        const begun = performance.now()
        await write(id)
        times.push(performance.now() - begun)
      }
      return times.sort((a, b) => a - b)
    }
    const at = (times: number[], share: number): string =>
      `${times[Math.floor(times.length * share)]?.toFixed(2)} ms`
    const work = () => delay(2)
    const plain = await measured(work)
    const coherent = await measured((id) => first.cache.write([`item:${id}`], work))
    const alone = await measured((id) => first.cache.write([`item:${id}`], async () => {}))
    t.comment(`a timer of 2 ms: p50 ${at(plain, 0.5)}; written through the cache: p50 ${at(coherent, 0.5)}`)
    t.comment(`nothing to do, written through the cache: p50 ${at(alone, 0.5)}, p99 ${at(alone, 0.99)}`)

    const calls = await callsOf(() => measured((id) => first.cache.write([`item:${id}`], async () => {})))
    const count = (name: string): number => calls.filter((call) => call === name).length
    t.equal(count('evalsha'), 2 * writes, 'a mark and an invalidation each')
    t.ok(count('publish') <= 2 * writes, `${count('publish')} acknowledgements`)
    t.equal(calls.length, count('evalsha') + count('publish'), 'and nothing else')
  },
)
