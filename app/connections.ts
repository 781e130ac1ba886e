/** Everything that stands outside the process, opened and guarded: Postgres, Redis, and the breakers before them. */

import { openBreaker } from '#platform/breaker.ts'
import { watchedDependencies } from '#platform/dependencies.ts'
import { guardedDatabase } from '#platform/guarded-database.ts'
import { applicationRole, openPostgres } from '#platform/postgres.ts'
import { openRedis } from '#platform/redis.ts'
import { pausingAfterTimeout } from '#platform/redis-pause.ts'
import { readSecret } from '#platform/secrets.ts'
import { monotonicMs } from '#platform/timers.ts'
import type { Config } from './config.ts'

export function openConnections(config: Config, instanceId: string) {
  const password = readSecret(config.SECRETS_DIR, 'postgres-password')
  const postgres = openPostgres({
    url: config.DATABASE_URL,
    ...(password === undefined ? {} : { password }),
    maxConnections: config.DATABASE_POOL_MAX,
    statementTimeoutMs: config.DATABASE_TIMEOUT_MS,
    name: instanceId,
    role: applicationRole,
  })
  const redisOptions = { url: config.REDIS_URL, timeoutMs: config.REDIS_TIMEOUT_MS }
  const redis = pausingAfterTimeout(openRedis({ ...redisOptions, name: instanceId }), monotonicMs)
  const subscriber = openRedis({ ...redisOptions, name: `${instanceId}-subscriber` })

  const breakerFor = (name: string, subject: string, callTimeoutMs: number, maxConcurrent = 512) =>
    openBreaker(name, {
      subject,
      callTimeoutMs,
      maxConcurrent,
      failureThreshold: config.CIRCUIT_FAILURE_THRESHOLD,
      resetTimeoutMs: config.CIRCUIT_RESET_TIMEOUT,
    })
  const reads = breakerFor('postgres-reads', 'The database', config.DATABASE_TIMEOUT_MS)
  const writes = breakerFor('postgres-writes', 'The database', config.DATABASE_TIMEOUT_MS)
  const external = breakerFor('external', 'The external service', config.EXTERNAL_TIMEOUT_MS, 64)

  return {
    postgres,
    /** Postgres behind its breakers: what everything that serves requests uses. */
    database: guardedDatabase(postgres, reads, writes),
    redis,
    subscriber,
    breakers: { reads, writes, external },
    dependencies: watchedDependencies({ postgres: () => postgres.ping(), redis: () => redis.ping() }),
    async close(): Promise<void> {
      redis.disconnect()
      subscriber.disconnect()
      await postgres.close()
    },
  }
}
