/** The architecture on one page: builds everything, joins everything, knows every name. */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { buildServer } from '#http/server.ts'
import { writes } from '#http/write.ts'
import { openCache } from '#kernel/cache/open-cache.ts'
import { EVERYTHING } from '#kernel/coherence.ts'
import { credentialMap } from '#kernel/credential-map.ts'
import { leasedLimiter } from '#kernel/limiter/limiter.ts'
import type { Policy } from '#kernel/limiter/policy.ts'
import { openCoherence } from '#kernel/open-coherence.ts'
import type { Tier } from '#kernel/principal.ts'
import type { ReplicaReport } from '#kernel/replicas.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { admin } from '#modules/admin/index.ts'
import { external, openFlakyDependency } from '#modules/external/index.ts'
import { items } from '#modules/items/index.ts'
import { operations } from '#modules/operations/index.ts'
import { resources } from '#modules/resources/index.ts'
import { openBreaker } from '#platform/breaker.ts'
import { watchedDependencies } from '#platform/dependencies.ts'
import { guardedDatabase } from '#platform/guarded-database.ts'
import { lineWriter } from '#platform/line-writer.ts'
import { openLogger, requestLine } from '#platform/logger.ts'
import { openMetrics } from '#platform/metrics.ts'
import { openPostgres } from '#platform/postgres.ts'
import { postgresIdempotency } from '#platform/postgres-idempotency.ts'
import { openRedis } from '#platform/redis.ts'
import { redisBuckets } from '#platform/redis-buckets.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { redisRegistry } from '#platform/redis-registry.ts'
import { readSecret } from '#platform/secrets.ts'
import { after, monotonicMs } from '#platform/timers.ts'
import { type Config, listOf } from './config.ts'

/** Everything one process needs, built and joined, not yet started. */
export async function compose(config: Config) {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const instanceId = config.INSTANCE_ID
  // Unique to this start: after a restart it is another member of the bus.
  const memberId = `${instanceId}.${randomBytes(6).toString('base64url')}`
  let isDraining = false

  // What stands outside the process
  const logger = openLogger(config.LOG_LEVEL, instanceId)
  const lines = lineWriter(1)
  const password = readSecret(config.SECRETS_DIR, 'postgres-password')
  const postgres = openPostgres({
    url: config.DATABASE_URL,
    ...(password === undefined ? {} : { password }),
    maxConnections: config.DATABASE_POOL_MAX,
    statementTimeoutMs: config.DATABASE_TIMEOUT_MS,
    name: instanceId,
  })
  const redisOptions = { url: config.REDIS_URL, timeoutMs: config.REDIS_TIMEOUT_MS }
  const redis = openRedis({ ...redisOptions, name: instanceId })
  const subscriber = openRedis({ ...redisOptions, name: `${instanceId}-subscriber` })

  const breakerFor = (name: string, subject: string, callTimeoutMs: number) =>
    openBreaker(name, {
      subject,
      callTimeoutMs,
      failureThreshold: config.CIRCUIT_FAILURE_THRESHOLD,
      resetTimeoutMs: config.CIRCUIT_RESET_TIMEOUT,
    })
  const breakers = {
    reads: breakerFor('postgres-reads', 'The database', config.DATABASE_TIMEOUT_MS),
    writes: breakerFor('postgres-writes', 'The database', config.DATABASE_TIMEOUT_MS),
    external: breakerFor('external', 'The external service', config.EXTERNAL_TIMEOUT_MS),
  }
  const database = guardedDatabase(postgres, breakers.reads, breakers.writes)

  // Cache, limits and the fleet
  const shared = { prefix: config.REDIS_PREFIX, timeoutMs: config.REDIS_TIMEOUT_MS }
  const coherence = openCoherence({
    id: memberId,
    bus: redisBus({ ...shared, commands: redis, subscriber }),
    now: monotonicMs,
    after,
    defer: setImmediate,
  })
  const cache = openCache({
    store: redisCache({ ...shared, redis, id: memberId }),
    coherence,
    now: monotonicMs,
    after,
    ttlMs: config.CACHE_TTL * 1_000,
    maxLocalBytes: config.CACHE_L1_MAX_BYTES,
  })
  const known = credentialMap(20_000)
  coherence.onInvalidate((names) => {
    for (const name of names) {
      if (name === EVERYTHING) known.clear()
      else known.forget(name)
    }
  })
  const counts = requestCounts(monotonicMs)
  const startedAt = new Date().toISOString()
  const report = (): ReplicaReport => ({
    instanceId,
    version,
    startedAt,
    state: isDraining ? 'draining' : 'up',
    inFlight: counts.inFlight(),
    ...counts.load(),
    address: `http://${config.HOST === '0.0.0.0' ? hostname() : config.HOST}:${config.PORT}`,
    breakers: Object.fromEntries(
      Object.values(breakers).map((breaker) => [breaker.report().name, breaker.report().state]),
    ),
  })
  const registry = redisRegistry({
    redis,
    prefix: config.REDIS_PREFIX,
    report,
    expected: config.REPLICAS,
    now: monotonicMs,
  })
  const policies = policiesOf(config)
  const limiter = leasedLimiter({
    store: redisBuckets({ redis, ...shared }),
    holder: memberId,
    now: monotonicMs,
    defer: setImmediate,
    after,
    liveReplicas: registry.liveReplicas,
  })
  const credentials = {
    check: async (): Promise<never> => {
      throw new Error('not yet')
    },
  }
  const dependencies = watchedDependencies({ postgres: () => postgres.ping(), redis: () => redis.ping() })

  // What Sluice serves
  const write = writes({ database, cache, idempotency: postgresIdempotency })
  const collections = { database, cache, write }
  const flaky = config.DEMO && config.EXTERNAL_URL === '' ? await openFlakyDependency() : undefined
  const metrics = openMetrics({ requests: counts, version, gauges: [] })
  const operation = operations({
    instanceId,
    version,
    registry,
    metrics,
    metricsToken: config.DEMO ? '' : config.METRICS_TOKEN,
  })
  const modules = [
    resources(collections),
    items(collections),
    operation,
    external({
      url: flaky?.url ?? config.EXTERNAL_URL,
      timeoutMs: config.EXTERNAL_TIMEOUT_MS,
      breaker: breakers.external,
    }),
    admin({
      instanceId,
      database,
      cache,
      breakers: Object.values(breakers),
      registry,
      policies,
      load: counts.load,
    }),
  ]

  const { app, routes } = await buildServer({
    version,
    health: { instanceId, isDraining: () => isDraining, dependencies: dependencies.states },
    observe: { counts, log: (answered) => lines.write(requestLine(instanceId, answered)), now: monotonicMs },
    authenticate: { known, check: credentials.check, isTrusted: coherence.isTrusted, now: monotonicMs },
    rateLimit: { limiter, policies },
    modules,
    internalRoutes: operation.internalRoutes,
    trustedProxies: listOf(config.TRUSTED_PROXIES),
    corsOrigins: config.SERVE_CORS ? listOf(config.CORS_ORIGINS) : [],
    logDefect: (error, requestId) => logger.error({ err: error, requestId }, 'defect'),
  })

  return {
    app,
    routes,
    logger,
    async start(): Promise<void> {
      await coherence.start()
      registry.start()
      dependencies.start()
    },
    drain(): void {
      isDraining = true
    },
    async close(): Promise<void> {
      dependencies.stop()
      await registry.leave()
      await limiter.close()
      await coherence.close()
      redis.disconnect()
      subscriber.disconnect()
      await postgres.close()
      flaky?.server.close()
      lines.flushSync()
    },
  }
}

/** `RATE_LIMIT_*` a minute as buckets: the figure is the capacity, refilled evenly. */
function policiesOf(config: Config): Record<Tier, Policy> {
  const perMinute = (name: Tier, capacity: number): Policy => ({
    name,
    capacity,
    refillPerSecond: capacity / 60,
    windowSeconds: 60,
  })
  return {
    anonymous: perMinute('anonymous', config.RATE_LIMIT_ANONYMOUS),
    free: perMinute('free', config.RATE_LIMIT_FREE),
    pro: perMinute('pro', config.RATE_LIMIT_PRO),
    enterprise: perMinute('enterprise', config.RATE_LIMIT_ENTERPRISE),
  }
}
