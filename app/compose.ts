/** The architecture on one page: builds everything, joins everything, knows every name. */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { revoking } from '#http/revoke.ts'
import { buildServer } from '#http/server.ts'
import { standingCredential } from '#http/standing-credential.ts'
import { writes } from '#http/write.ts'
import { openAdmission } from '#kernel/admission/admission.ts'
import { openCache } from '#kernel/cache/open-cache.ts'
import { onceTrusted, warm } from '#kernel/cache/warm.ts'
import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { openCoherence } from '#kernel/coherence/open-coherence.ts'
import { credentialMap } from '#kernel/credential-map.ts'
import { Decisions } from '#kernel/limiter/decisions.ts'
import { leasedLimiter } from '#kernel/limiter/limiter.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { admin, audited, events, fleetWishes, requestEvent } from '#modules/admin/index.ts'
import { apiKeys } from '#modules/api-keys/index.ts'
import { audit, auditFeed, auditTrail, countedTrail, refusalTrail } from '#modules/audit/index.ts'
import { experiments } from '#modules/experiments/index.ts'
import { external, openFlakyDependency } from '#modules/external/index.ts'
import { items } from '#modules/items/index.ts'
import { operations } from '#modules/operations/index.ts'
import { resources } from '#modules/resources/index.ts'
import { roles } from '#modules/roles/index.ts'
import { search } from '#modules/search/index.ts'
import { consoleDelivery, credentialCheck, noDelivery, sessions } from '#modules/sessions/index.ts'
import { traces } from '#modules/traces/index.ts'
import { users } from '#modules/users/index.ts'
import { accessTokens } from '#platform/access-tokens.ts'
import { askedRegistry } from '#platform/asked-registry.ts'
import { countedBuckets } from '#platform/counted-buckets.ts'
import { housekeeping } from '#platform/housekeeping.ts'
import { internalAccess } from '#platform/internal-access.ts'
import { lineWriter } from '#platform/line-writer.ts'
import { openLogger } from '#platform/logger.ts'
import { watchLoopDelay } from '#platform/loop-delay.ts'
import { gauge } from '#platform/metric.ts'
import { otherReplicas } from '#platform/other-replicas.ts'
import { otlpExporter } from '#platform/otlp.ts'
import { openPasswords } from '#platform/passwords.ts'
import { postgresAnnouncements } from '#platform/postgres-announcements.ts'
import { forgetOldKeys, postgresIdempotency } from '#platform/postgres-idempotency.ts'
import { redisBuckets } from '#platform/redis-buckets.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { redisRegistry } from '#platform/redis-registry.ts'
import { redisRevocations } from '#platform/redis-revocations.ts'
import { forgetOldRequests } from '#platform/request-log.ts'
import { readSecret } from '#platform/secrets.ts'
import { keysInFolder, keysInText, type SigningKeys } from '#platform/signing-keys.ts'
import { after, monotonicMs } from '#platform/timers.ts'
import { traceMetrics } from '#platform/trace-metrics.ts'
import { tracedCache, tracedLimiter, tracedRead } from '#platform/traced.ts'
import { openTracing } from '#platform/tracing.ts'
import { type Config, ConfigError, listOf } from './config.ts'
import { openConnections } from './connections.ts'
import { perMinute, policiesOf } from './policies.ts'
import { replicaReport } from './report.ts'
import { requestRecords } from './request-records.ts'
import { refusalCounts, telemetry } from './telemetry.ts'

/** Everything one process needs, built and joined, not yet started. */
export async function compose(config: Config) {
  const instanceId = config.INSTANCE_ID
  // Unique to this start: after a restart it is another member of the bus and another holder of leases.
  const holder = `${instanceId}.${randomBytes(6).toString('base64url')}`
  const clock = { now: monotonicMs, after, defer: setImmediate }
  const startedAt = new Date().toISOString()
  let isDraining = false
  /** Drained by an admin: as before a stop, but it stays, and may come back. */
  let isBack = false
  let stoodBack = (_isBack: boolean): void => {}

  const serverKey = mustHave(readSecret(config.SECRETS_DIR, 'server-key'), 'server-key', config)
  const keys = signingKeys(config)
  const logger = openLogger(config.LOG_LEVEL, instanceId)
  const lines = lineWriter(1)
  const version = packageVersion()
  const tracing = config.TRACE
    ? openTracing({
        samplePercent: config.TRACE_SAMPLE_PERCENT,
        slowMs: config.TRACE_SLOW_MS,
        now: monotonicMs,
        kept: (trace) => collector?.add(trace),
      })
    : undefined
  const collector =
    tracing && config.OTLP_URL !== ''
      ? otlpExporter({ url: config.OTLP_URL, instanceId, version, spansOf: tracing.spansOf })
      : undefined
  const connections = openConnections(config, instanceId, tracing)
  const { postgres, database, redis, subscriber, breakers, dependencies } = connections

  // The cache, and who may trust it
  const inRedis = { redis, prefix: config.REDIS_PREFIX, timeoutMs: config.REDIS_TIMEOUT_MS }
  const announcements = postgresAnnouncements({ sql: postgres.client, id: holder })
  const bus = redisBus({ ...inRedis, commands: redis, subscriber })
  const coherence = openCoherence({ ...clock, id: holder, bus, detour: announcements })
  const untraced = openCache({
    ...clock,
    store: redisCache({ ...inRedis, id: holder }),
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

  // The fleet and its limits
  const counts = requestCounts(monotonicMs)
  const admission = openAdmission({ now: monotonicMs })
  const refusals = refusalCounts()
  let stopWatchingLoop = (): void => {}
  let latestMs = 0
  const report = replicaReport({
    config,
    version,
    startedAt,
    isDraining: () => isDraining || isBack,
    counts,
    admission,
    cache,
    breakers: Object.values(breakers),
    dependencies: dependencies.states,
    calls: connections.calls,
    denied: () => refusals.counts().rate_limited ?? 0,
    loopDelayMs: () => {
      const latest = latestMs
      latestMs = 0
      return latest
    },
  })
  const internal = internalAccess(serverKey)
  const registry = askedRegistry({
    registry: redisRegistry({
      ...inRedis,
      report,
      expected: config.REPLICAS,
      failed: (error) => logger.error({ err: error }, 'a part of the beat failed'),
      now: monotonicMs,
    }),
    internal,
    now: monotonicMs,
  })
  const buckets = countedBuckets(redisBuckets(inRedis))
  const limiter = leasedLimiter({
    ...clock,
    store: buckets.store,
    holder,
    liveReplicas: registry.liveReplicas,
  })
  const decisions = new Decisions()
  const policies = policiesOf(config)
  const searchPolicy = perMinute('search', config.RATE_LIMIT_SEARCH)

  // Accounts
  const write = writes({ database, cache, idempotency: postgresIdempotency })
  const revocations = redisRevocations({ ...inRedis, ttlSeconds: config.ACCESS_TOKEN_TTL })
  const declared = new Set<string>()
  const trail = countedTrail(auditTrail)
  const refused = refusalTrail({ database, trail: auditTrail, counted: trail.counted, now: monotonicMs })
  const warn = (details: object, message: string): void => logger.warn(details, message)
  const accounts = { database, cache, write, audit: trail.trail, revoke: revoking(revocations), declared }
  const user = users(accounts)
  const session = sessions({
    ...accounts,
    refused,
    warn,
    revocations,
    limiter,
    policies,
    users: user,
    tokens: await accessTokens({
      keys,
      issuer: config.JWT_ISSUER,
      audience: config.JWT_AUDIENCE,
      ttlSeconds: config.ACCESS_TOKEN_TTL,
      now: monotonicMs,
    }),
    passwords: await openPasswords({
      memoryKib: config.ARGON2_MEMORY_KIB,
      iterations: config.ARGON2_ITERATIONS,
      parallelism: config.ARGON2_PARALLELISM,
    }),
    serverKey,
    lives: { idleSeconds: config.REFRESH_TOKEN_TTL, maxAgeSeconds: config.SESSION_MAX_AGE },
    failuresPerAccount: config.LOGIN_FAILURES_PER_ACCOUNT,
    triesPerAddress: config.EDGE_SIGN_IN_PER_MINUTE,
    allowedOrigins: listOf(config.CORS_ORIGINS),
    deliver: config.DEMO ? consoleDelivery((line) => logger.info(line)) : noDelivery,
  })
  const apiKey = apiKeys({ ...accounts, policies, isDemo: config.DEMO })

  const credentials = {
    known,
    check: credentialCheck({ accessToken: session.check, apiKey: apiKey.check }),
    isTrusted: coherence.isTrusted,
    now: monotonicMs,
  }
  const live = events({
    replicas: registry.replicas,
    time: registry.time,
    standing: standingCredential(credentials),
  })
  const standBack = (wanted: boolean): void => {
    // One that is leaving takes no connection again.
    if (isDraining) return
    isBack = wanted
    if (isBack) live.drain()
    else live.resume()
    stoodBack(isBack)
    logger.warn(isBack ? 'drained by an admin' : 'serves again')
  }
  registry.onBeat(
    fleetWishes({
      ...{ registry, instanceId, startedAt, breakers: Object.values(breakers), standBack, logger },
    }),
  )
  registry.onBeat(live.beat)
  registry.onBeat(
    auditFeed({
      database,
      isWatched: () => live.watching() > 0,
      publish: (entry) => live.publish('audit', JSON.stringify(entry), 'audit:read'),
    }),
  )
  const records = requestRecords({ config, logger, lines, session: postgres.autocommit })

  // Everything that is served
  const collections = { database, cache, write }
  const flaky = config.DEMO && config.EXTERNAL_URL === '' ? await openFlakyDependency() : undefined
  const allBreakers = Object.values(breakers)
  const chores = housekeeping(
    [
      { name: 'forget old idempotency keys', everyMs: 10 * 60_000, work: () => forgetOldKeys(database) },
      {
        name: 'forget old requests',
        everyMs: 10 * 60_000,
        work: () => forgetOldRequests(database, config.REQUEST_LOG_HOURS),
      },
      { name: 'forget old sessions', everyMs: 60 * 60_000, work: session.forgetOld },
    ],
    (chore, error) => logger.warn({ err: error, chore }, 'a chore failed'),
  )
  const metrics = telemetry({
    ...{ config, version, requests: counts, refusals, admission, cache, chores, lines, trail, registry },
    calls: connections.calls,
    dependencies: dependencies.states,
    isTrusted: coherence.isTrusted,
    limits: { decisions: () => decisions.counts(), stats: limiter.stats, storeCalls: buckets.calls },
    breakers: allBreakers,
    exemplarOf: tracing?.exemplarOf,
    further: [
      ...records.metrics,
      gauge('sluice_event_streams', 'Live streams that are open', live.watching),
      ...(tracing ? traceMetrics(tracing, collector) : []),
    ],
  })
  const trace = traces({ instanceId, tracing, registry, internal })
  const operation = operations({
    instanceId,
    version,
    registry,
    metrics,
    metricsToken: config.DEMO ? undefined : config.METRICS_TOKEN,
    internal,
  })
  const owned = [resources(collections), items(collections)]
  const noted = audited({ database, audit: trail.trail, warn })
  const trials = config.DEMO
    ? experiments({
        ...{ instanceId, startedAt, registry, admission, audited: noted, now: monotonicMs },
        redisLinks: [redis, subscriber],
        crash: () => process.kill(process.pid, 'SIGKILL'),
      })
    : undefined
  if (trials) registry.onBeat(trials.beat)
  const administration = admin({
    instanceId,
    isDemo: config.DEMO,
    database,
    cache,
    breakers: allBreakers,
    registry,
    policies: [...Object.values(policies), searchPolicy],
    busiest: limiter.busiest,
    decisions: () => decisions.counts(),
    askOthers: otherReplicas({ instanceId, replicas: registry.replicas, internal }),
    admission: admission.stats,
    events: live,
    internal,
    audited: noted,
    configured: config.LOG_LEVEL,
    current: () => logger.level,
    now: monotonicMs,
  })
  const modules = [
    ...owned,
    user,
    session,
    apiKey,
    roles(accounts),
    audit({ database, refused }),
    search({ database, cache, limits: [{ per: 'address', policy: searchPolicy }] }),
    operation,
    trace,
    external({
      url: flaky?.url ?? config.EXTERNAL_URL,
      timeoutMs: config.EXTERNAL_TIMEOUT_MS,
      breaker: breakers.external,
      tracer: tracing,
    }),
    administration,
    ...(trials ? [trials] : []),
  ]
  for (const { permissions } of modules) for (const permission of permissions) declared.add(permission)

  const { app, routes } = await buildServer({
    version,
    health: { instanceId, isDraining: () => isDraining || isBack, dependencies: dependencies.states },
    observe: {
      counts,
      refused: refusals.count,
      tracing,
      log: (answered) => {
        records.add(answered)
        if (live.isShown(answered)) live.publish('request', requestEvent(instanceId, answered))
      },
      now: monotonicMs,
    },
    authenticate: credentials,
    deadline: { timeoutMs: config.REQUEST_TIMEOUT_MS, now: monotonicMs },
    admit: { admission, now: monotonicMs },
    rateLimit: {
      limiter: tracing ? tracedLimiter(limiter, tracing) : limiter,
      policies,
      decided: (verdict) => decisions.count(verdict),
    },
    modules,
    internalRoutes: (internal) => {
      operation.internalRoutes(internal)
      trace.internalRoutes(internal)
      administration.internalRoutes(internal)
    },
    trustedProxies: listOf(config.TRUSTED_PROXIES),
    corsOrigins: config.SERVE_CORS ? listOf(config.CORS_ORIGINS) : [],
    logDefect: (error, requestId) => logger.error({ err: error, requestId }, 'defect'),
  })

  onceTrusted(coherence, setImmediate, async () => {
    if (config.CACHE_WARM === 0) return
    try {
      const wanted = await Promise.all(owned.map(({ warming }) => warming(config.CACHE_WARM)))
      const read = await warm(cache, wanted.flat(), warmLimits)
      logger.info({ read }, 'the cache is warm')
    } catch (error) {
      logger.warn({ err: error }, 'the cache starts cold')
    }
  })

  return {
    app,
    routes,
    logger,
    database,
    async start(): Promise<void> {
      await coherence.start()
      registry.start()
      dependencies.start()
      chores.start()
      records.start()
      stopWatchingLoop = watchLoopDelay((delayMs) => {
        latestMs = Math.max(latestMs, delayMs)
        admission.tick(delayMs)
      }, monotonicMs)
    },
    /** Calls `listener` when an admin takes this replica out, and back in. */
    onStandBack(listener: (isBack: boolean) => void): void {
      stoodBack = listener
    },
    drain(): void {
      isDraining = true
      void registry.beat()
      live.drain()
    },
    async close(): Promise<void> {
      stopWatchingLoop()
      chores.stop()
      await records.close()
      dependencies.stop()
      await Promise.all([registry.leave(), limiter.close(), apiKey.close()])
      await coherence.close()
      await announcements.close()
      await connections.close()
      await collector?.close()
      flaky?.server.close()
      await lines.close()
    },
  }
}

/** A start is for requests: a few reads at a time, none of them after this. */
const warmLimits = { atOnce: 4, forMs: 2_000, now: monotonicMs } as const

const packageVersion = (): string =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')).version

function signingKeys({ JWT_PRIVATE_KEYS, SECRETS_DIR }: Config): SigningKeys {
  if (JWT_PRIVATE_KEYS.trim() === '') return keysInFolder(join(SECRETS_DIR, 'jwt'))
  try {
    return keysInText(JWT_PRIVATE_KEYS)
  } catch {
    throw new ConfigError(['JWT_PRIVATE_KEYS=(hidden): not every one is an Ed25519 private key'])
  }
}

function mustHave(secret: string | undefined, name: string, { SECRETS_DIR }: Config): string {
  if (secret === undefined)
    throw new ConfigError([`SECRETS_DIR=${SECRETS_DIR} holds no ${name}: run node scripts/secrets.ts`])
  return secret
}
