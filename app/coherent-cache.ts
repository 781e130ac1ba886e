/** What this replica keeps of what Postgres says, answers and credentials, and whether invalidations reach it: only then is it trusted. */

import { openCache } from '#kernel/cache/open-cache.ts'
import { onceTrusted, type Warming, warm } from '#kernel/cache/warm.ts'
import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { openCoherence } from '#kernel/coherence/open-coherence.ts'
import { credentialMap } from '#kernel/credential-map.ts'
import { postgresAnnouncements } from '#platform/postgres-announcements.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { clock, monotonicMs } from '#platform/timers.ts'
import { tracedCache, tracedRead } from '#platform/traced.ts'
import type { Tracing } from '#platform/tracing.ts'
import type { Config } from './config.ts'
import type { Connections } from './connections.ts'
import type { Self } from './fleet.ts'

export interface CoherentCacheDeps {
  readonly config: Config
  readonly connections: Connections
  readonly self: Self
  readonly tracing: Tracing | undefined
  readonly logger: {
    info(details: object, message: string): void
    warn(details: object, message: string): void
  }
}

/** What brings the first answers: of each collection, so many. */
export interface Warmed {
  warming(count: number): Promise<readonly Warming[]>
}

export function coherentCache({ config, connections, self, tracing, logger }: CoherentCacheDeps) {
  const { inRedis, postgres, redis, subscriber } = connections
  const announcements = postgresAnnouncements({ postgres, id: self.holder })
  const bus = redisBus({ ...inRedis, commands: redis, subscriber })
  const coherence = openCoherence({ ...clock, id: self.holder, bus, detour: announcements })
  const untraced = openCache({
    ...clock,
    store: redisCache({ ...inRedis, id: self.holder }),
    coherence,
    ttlMs: config.CACHE_TTL * 1_000,
    maxLocalBytes: config.CACHE_L1_MAX_BYTES,
    around: tracing && tracedRead(tracing),
  })
  const cache = tracing ? tracedCache(untraced, tracing) : untraced
  const known = credentialMap(20_000)
  coherence.onInvalidate((names) => {
    for (const name of names) {
      if (name === EVERYTHING) known.clear()
      else known.forget(name)
    }
  })

  return {
    cache,
    /** What credentials were found to mean. */
    known,
    isTrusted: coherence.isTrusted,
    /** Reads what is read most, once it may be kept. */
    warmWith(collections: readonly Warmed[]): void {
      if (config.CACHE_WARM === 0) return
      onceTrusted(coherence, setImmediate, async () => {
        try {
          const wanted = await Promise.all(collections.map(({ warming }) => warming(config.CACHE_WARM)))
          const read = await warm(cache, wanted.flat(), warmLimits)
          logger.info({ read }, 'the cache is warm')
        } catch (error) {
          logger.warn({ err: error }, 'the cache starts cold')
        }
      })
    },
    start: coherence.start,
    async close(): Promise<void> {
      await coherence.close()
      await announcements.close()
    },
  }
}

/** A start is for requests: a few reads at a time, none of them after this. */
const warmLimits = { atOnce: 4, forMs: 2_000, now: monotonicMs } as const

export type CoherentCache = ReturnType<typeof coherentCache>
