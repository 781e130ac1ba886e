/** Well-known packages on the same work in one process: CPU of it and of Redis, ours in relation to theirs. */

import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import rateLimit from '@fastify/rate-limit'
import { createCache } from 'async-cache-dedupe'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import fastify, { type FastifyRequest } from 'fastify'
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

const clock = { now: monotonicMs, after, defer: globalThis.setImmediate }

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

/** What its rule does with a request, without HTTP round it. */
async function fastifyRateLimit({ connect, atEnd }: Bench): Promise<Work> {
  const app = fastify()
  atEnd(() => app.close())
  await app.register(rateLimit, { global: false, redis: connect() })
  const options = { max: 10_000_000, timeWindow: 60_000, keyGenerator: () => 'somebody' }
  const check = app.createRateLimit(options)
  // All of a request that it looks at, once it has a key.
  const request = { routeOptions: {} } as FastifyRequest
  return () => check(request)
}

/** On both sides the same: a body ready to be sent, and its ETag. */
const body = JSON.stringify({ id: 1, name: 'Report' })
const etag = '"1"'
const answer = { body: Buffer.from(body), etag }

/** More keys than calls at a time, so that no two of them share an answer that is on its way. */
const cachedKeys = 1_000

function nextKey(): () => number {
  let asked = 0
  return () => asked++ % cachedKeys
}

const ourCache =
  ({ maxLocalBytes }: { maxLocalBytes: number }) =>
  async ({ connect, atEnd }: Bench): Promise<Work> => {
    const [commands, subscriber] = [connect(), connect()]
    const prefix = `ours-${maxLocalBytes}:`
    const bus = redisBus({ commands, subscriber, prefix })
    const coherence = openCoherence({ ...clock, id: 'bench', bus })
    const store = redisCache({ redis: commands, prefix, id: 'bench' })
    const cache = openCache({ ...clock, store, coherence, ttlMs: longMs, maxLocalBytes })
    await coherence.start()
    atEnd(() => coherence.close())
    const key = nextKey()
    return () => cache.through(`report:${key()}`, async () => answer)
  }

const inMemory = ourCache({ maxLocalBytes: 64 * 2 ** 20 })
/** Nothing fits into the memory of the process: each read asks Redis. */
const inRedis = ourCache({ maxLocalBytes: 0 })

/** Nothing ends while it is measured. */
const longMs = 3_600_000

const asyncCacheDedupe =
  (level: 'memory' | 'redis') =>
  async ({ connect }: Bench): Promise<Work> => {
    const storage =
      level === 'memory'
        ? ({ type: 'memory', options: { size: cachedKeys * 2 } } as const)
        : ({ type: 'redis', options: { client: connect() } } as const)
    const cache = createCache({ ttl: longMs / 1_000, storage })
    const read = cache.define('report', async (_key: number) => ({ body, etag }))
    const key = nextKey()
    return () => read.report(key())
  }

const bentocache =
  (level: 'memory' | 'redis') =>
  async ({ connect, atEnd }: Bench): Promise<Work> => {
    const store =
      level === 'memory'
        ? bentostore().useL1Layer(memoryDriver({ maxItems: cachedKeys * 2 }))
        : bentostore().useL2Layer(redisDriver({ connection: connect() }))
    const cache = new BentoCache({ default: 'reports', stores: { reports: store }, ttl: longMs })
    atEnd(() => cache.disconnectAll())
    const key = nextKey()
    return () => cache.getOrSet({ key: `report:${key()}`, factory: async () => ({ body, etag }) })
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
    'peer_fastify_limiter',
    'taking one token, against the rule of @fastify/rate-limit on the same Redis',
    ourLimiter,
    fastifyRateLimit,
  ),
  peer(
    'peer_cache',
    'reading what the process holds (L1), against async-cache-dedupe with its memory storage',
    inMemory,
    asyncCacheDedupe('memory'),
  ),
  peer(
    'peer_cache_redis',
    'reading what only Redis holds (no L1), against async-cache-dedupe on the same Redis',
    inRedis,
    asyncCacheDedupe('redis'),
  ),
  peer(
    'peer_bentocache',
    'reading what the process holds (L1), against bentocache with its memory driver',
    inMemory,
    bentocache('memory'),
  ),
  peer(
    'peer_bentocache_redis',
    'reading what only Redis holds (no L1), against bentocache on the same Redis',
    inRedis,
    bentocache('redis'),
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
  const used = (): number => ownMicros() + cpuMicros(pids)
  const before = used()
  for (let done = 0; done < times; done += 64) {
    await Promise.all(Array.from({ length: 64 }, work))
    // As in a server, whose loop turns: answers from memory alone would keep timers and heartbeats waiting until the end.
    await setImmediate()
  }
  return (used() - before) / times
}

/** Of this process to the microsecond: what others use is told in steps of 10 ms, which is all that 100,000 hits cost. */
function ownMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
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
    return await work({ connect, atEnd: (close) => closing.unshift(close) }, [server.pid])
  } finally {
    for (const close of closing) await close()
  }
}
