/** Everything that stands outside the process, opened and guarded: Postgres, Redis, and the breakers before them. */

import { CallCounts } from '#kernel/call-counts.ts'
import type { Tracer } from '#kernel/tracing/trace.ts'
import { openBreaker } from '#platform/breaker.ts'
import { watchedDependencies } from '#platform/dependencies.ts'
import { guardedDatabase } from '#platform/guarded-database.ts'
import { guardedRedis } from '#platform/guarded-redis.ts'
import { observedDatabase, postgresCallKinds } from '#platform/observed-database.ts'
import { observedRedis } from '#platform/observed-redis.ts'
import { openPostgres } from '#platform/postgres.ts'
import { applicationRole, signInAt } from '#platform/postgres-login.ts'
import { withReadReplica } from '#platform/read-replica.ts'
import { openRedis } from '#platform/redis.ts'
import { pausingAfterTimeout } from '#platform/redis-pause.ts'
import { monotonicMs } from '#platform/timers.ts'
import type { Config } from './config.ts'

export function openConnections(config: Config, instanceId: string, tracer?: Tracer) {
  const calls = { postgres: new CallCounts(postgresCallKinds), redis: new CallCounts() }
  const observed = { now: monotonicMs, tracer }
  const postgresAt = (url: string, name: string) =>
    openPostgres({
      url,
      ...signInAt(config.SECRETS_DIR, url),
      maxConnections: config.DATABASE_POOL_MAX,
      statementTimeoutMs: config.DATABASE_TIMEOUT_MS,
      name,
      // Also where somebody signs in as the owner: a slip of ours cannot change what happened then either.
      role: applicationRole,
    })
  const postgres = postgresAt(config.DATABASE_URL, instanceId)
  const standby =
    config.DATABASE_READ_URL === ''
      ? undefined
      : postgresAt(config.DATABASE_READ_URL, `${instanceId}-standby`)
  const store = standby ? withReadReplica({ primary: postgres, standby, now: monotonicMs }) : postgres
  const breakerFor = (name: string, subject: string, callTimeoutMs: number, maxConcurrent = 512) =>
    openBreaker(name, {
      subject,
      callTimeoutMs,
      maxConcurrent,
      failureThreshold: config.CIRCUIT_FAILURE_THRESHOLD,
      resetTimeoutMs: config.CIRCUIT_RESET_TIMEOUT,
    })
  const redisBreaker = openBreaker('redis', {
    // Each command has a time of its own.
    subject: 'Redis',
    maxConcurrent: 1_024,
    failureThreshold: config.CIRCUIT_FAILURE_THRESHOLD,
    resetTimeoutMs: Math.min(config.CIRCUIT_RESET_TIMEOUT, 500),
    trials: 1,
  })
  const redisOptions = { url: config.REDIS_URL, timeoutMs: config.REDIS_TIMEOUT_MS }
  const guarded = guardedRedis(openRedis({ ...redisOptions, name: instanceId }), redisBreaker)
  const redis = observedRedis(pausingAfterTimeout(guarded, monotonicMs), { ...observed, calls: calls.redis })
  const subscriber = openRedis({ ...redisOptions, name: `${instanceId}-subscriber` })
  const reads = breakerFor('postgres-reads', 'The database', config.DATABASE_TIMEOUT_MS)
  const writes = breakerFor('postgres-writes', 'The database', config.DATABASE_TIMEOUT_MS)
  const external = breakerFor('external', 'The external service', config.EXTERNAL_TIMEOUT_MS, 64)

  return {
    postgres,
    /** Postgres behind its breakers: what everything that serves requests uses. */
    database: guardedDatabase(observedDatabase(store, { ...observed, calls: calls.postgres }), reads, writes),
    redis,
    subscriber,
    /** For what keeps its things in Redis, under a prefix of its own. */
    inRedis: { redis, prefix: config.REDIS_PREFIX, timeoutMs: config.REDIS_TIMEOUT_MS },
    /** How often each was asked, how long it took, how often it failed. */
    calls,
    breakers: [reads, writes, redisBreaker, external] as const,
    /** Before what the external module calls. */
    external,
    dependencies: watchedDependencies({ postgres: () => postgres.ping(), redis: () => redis.ping() }),
    async close(): Promise<void> {
      redis.disconnect()
      subscriber.disconnect()
      await Promise.all([postgres.close(), standby?.close()])
    },
  }
}

export type Connections = ReturnType<typeof openConnections>
