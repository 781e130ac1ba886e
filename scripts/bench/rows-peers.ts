/** Well-known packages on the same work in one process: CPU of it and of Redis, ours in relation to theirs. */

import { join } from 'node:path'
import { createCache } from 'async-cache-dedupe'
import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { openCache } from '#kernel/cache/open-cache.ts'
import { openCoherence } from '#kernel/coherence/open-coherence.ts'
import { leasedLimiter } from '#kernel/limiter/limiter.ts'
import { redisBuckets } from '#platform/redis-buckets.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { after, monotonicMs } from '#platform/timers.ts'
import { root } from '#scripts/engine/layout.ts'
import { startRedis } from '#scripts/engine/redis-server.ts'
import { socketFolder } from '#scripts/engine/sockets.ts'
import { median } from './compare.ts'
import { cpuMicros } from './cpu.ts'
import type { Context, Figures, Row } from './row.ts'

type Work = () => unknown

interface Bench {
  readonly connect: () => Redis
  readonly atEnd: (close: () => unknown) => void
}

const clock = { now: monotonicMs, after, defer: setImmediate }

async function ourLimiter({ connect, atEnd }: Bench): Promise<Work> {
  const store = redisBuckets({ redis: connect(), prefix: 'ours:', timeoutMs: 1_000 })
  const limiter = leasedLimiter({ ...clock, store, holder: 'bench', liveReplicas: () => 1 })
  atEnd(() => limiter.close())
  const policy = { name: 'bench', capacity: 10_000_000, refillPerSecond: 10_000_000 / 60, windowSeconds: 60 }
  return () => limiter.take('somebody', policy, 1)
}

async function rateLimiterFlexible({ connect }: Bench): Promise<Work> {
  const limiter = new RateLimiterRedis({ storeClient: connect(), points: 10_000_000, duration: 60 })
  return () => limiter.consume('somebody')
}

const answer = { body: Buffer.from(JSON.stringify({ id: 1, name: 'Report' })), etag: '"1"' }

async function ourCache({ connect, atEnd }: Bench): Promise<Work> {
  const [commands, subscriber] = [connect(), connect()]
  const bus = redisBus({ commands, subscriber, prefix: 'ours:' })
  const coherence = openCoherence({ ...clock, id: 'bench', bus })
  const store = redisCache({ redis: commands, prefix: 'ours:', timeoutMs: 1_000, id: 'bench' })
  const cache = openCache({ ...clock, store, coherence })
  await coherence.start()
  atEnd(() => coherence.close())
  return () => cache.through('report:1', async () => answer)
}

async function asyncCacheDedupe({ connect }: Bench): Promise<Work> {
  const cache = createCache({ ttl: 60, storage: { type: 'redis', options: { client: connect() } } })
  const read = cache.define('report', async (id: number) => ({ id, name: 'Report' }))
  return () => read.report(1)
}

const peer = (
  name: string,
  work: string,
  ours: (bench: Bench) => Promise<Work>,
  theirs: (bench: Bench) => Promise<Work>,
): Row => ({
  name,
  work,
  goal: undefined,
  measure: (context) => withRedis((bench, pids) => inTurn(context, pids, bench, ours, theirs)),
})

export const peerRows: readonly Row[] = [
  peer(
    'peer_limiter',
    'taking one token, against rate-limiter-flexible on the same Redis',
    ourLimiter,
    rateLimiterFlexible,
  ),
  peer(
    'peer_cache',
    'reading what is cached, against async-cache-dedupe on the same Redis',
    ourCache,
    asyncCacheDedupe,
  ),
]

async function inTurn(
  { rounds, scale, progress }: Context,
  pids: readonly number[],
  bench: Bench,
  ours: (bench: Bench) => Promise<Work>,
  theirs: (bench: Bench) => Promise<Work>,
): Promise<Figures> {
  const sides = { ours: await ours(bench), theirs: await theirs(bench) }
  const times = Math.round(150_000 * scale)
  const costs: { ours: number; theirs: number }[] = []
  for (let round = 0; round <= rounds; round += 1) {
    costs.push({
      theirs: await costOf(sides.theirs, times, pids),
      ours: await costOf(sides.ours, times, pids),
    })
    progress(`round ${round} of ${rounds}`)
  }
  // The first is the warm-up.
  const counted = costs.slice(1)
  return {
    ratio: median(counted.map((round) => round.ours / round.theirs)),
    cpuMicros: median(counted.map((round) => round.ours)),
    floorCpuMicros: median(counted.map((round) => round.theirs)),
  }
}

/** CPU microseconds of one call, 64 at a time. */
async function costOf(work: Work, times: number, pids: readonly number[]): Promise<number> {
  const before = cpuMicros(pids)
  for (let done = 0; done < times; done += 64) await Promise.all(Array.from({ length: 64 }, work))
  return (cpuMicros(pids) - before) / times
}

async function withRedis<T>(work: (bench: Bench, pids: readonly number[]) => Promise<T>): Promise<T> {
  const folder = join(root, '.local', 'bench', 'peers')
  const socketPath = join(socketFolder(join(folder, 'run')), 'redis.sock')
  const server = await startRedis({ directory: folder, socketPath, logFile: join(folder, 'redis.log') })
  const closing: (() => unknown)[] = [() => server.stop()]
  try {
    const connect = () => {
      const client = new Redis({ path: socketPath })
      closing.unshift(() => client.disconnect())
      return client
    }
    return await work({ connect, atEnd: (close) => closing.unshift(close) }, [process.pid, server.pid])
  } finally {
    for (const close of closing) await close()
  }
}
