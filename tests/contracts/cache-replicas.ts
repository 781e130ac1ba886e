/** Replicas of the cache, each with its own local entries, over one shared store: what the contract suites run on. */

import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Cache, CacheOptions, CacheStore, Representation } from '#kernel/cache/cache.ts'
import { openCache } from '#kernel/cache/open-cache.ts'
import type { Bus, Coherence } from '#kernel/coherence/coherence.ts'
import { openCoherence } from '#kernel/coherence/open-coherence.ts'
import { memoryShared } from '#platform/memory-cache.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { after, monotonicMs } from '#platform/timers.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRedis } from '#tests/support/redis.ts'
import type { Scope } from '#tests/support/scope.ts'

export interface Replica {
  readonly cache: Cache
  readonly coherence: Coherence
  readonly store: CacheStore
}

export interface ReplicaOptions extends Partial<CacheOptions> {
  /** As the composition has it unless said otherwise. */
  readonly leaseMs?: number
}

export interface SharedOptions {
  /** How long the mark of a writer lasts that dies. */
  readonly markMs?: number
}

export interface Shared {
  /** Of its keys in Redis, where it is there. */
  readonly prefix: string
  replica(options?: ReplicaOptions): Promise<Replica>
}

async function openReplica(
  t: Scope,
  id: string,
  store: CacheStore,
  bus: Bus,
  { leaseMs = 250, ...options }: ReplicaOptions,
): Promise<Replica> {
  const coherence = openCoherence({ id, bus, now: monotonicMs, after, defer: setImmediate, leaseMs })
  const cache = openCache({ store, coherence, now: monotonicMs, after, ...options })
  await coherence.start()
  t.teardown(() => coherence.close())
  await eventually(t, () => coherence.isTrusted())
  return { cache, coherence, store }
}

export const memory = async (t: Scope, options: SharedOptions = {}): Promise<Shared> => {
  const shared = memoryShared(monotonicMs, options)
  return {
    prefix: '',
    replica: (options = {}) => openReplica(t, randomUUID(), shared.store(), shared.bus(), options),
  }
}

/** As the composition opens them: commands are answered now or fail now. */
export function connect(t: Scope, url: string): Redis {
  const redis = new Redis(url.replace(/^unix:\/\//, ''), {
    enableOfflineQueue: false,
    commandTimeout: 150,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(20 * times, 200),
  })
  redis.on('error', () => {})
  t.teardown(() => redis.disconnect())
  return redis
}

export const redis = async (t: Scope, shared: SharedOptions = {}): Promise<Shared> => {
  const { url, prefix } = await testRedis(t)
  return {
    prefix,
    async replica(options = {}) {
      const id = randomUUID()
      const commands = connect(t, url)
      const bus = redisBus({ commands, subscriber: connect(t, url), prefix, ...shared })
      await eventually(t, () => commands.status === 'ready')
      return openReplica(t, id, redisCache({ redis: commands, prefix, id }), bus, options)
    },
  }
}

export const answer = (text: string): Representation => ({
  body: Buffer.from(JSON.stringify(text)),
  etag: `"${text}"`,
})
