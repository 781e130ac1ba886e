/** The architecture on one page: builds everything, joins everything, knows every name. */

import { join } from 'node:path'
import { buildServer } from '#http/server.ts'
import { writes } from '#http/write.ts'
import { admin, audited, events, requestEvent } from '#modules/admin/index.ts'
import { audit, auditFeed, auditTrail, countedTrail } from '#modules/audit/index.ts'
import { experiments } from '#modules/experiments/index.ts'
import { external, openFlakyDependency } from '#modules/external/index.ts'
import { items } from '#modules/items/index.ts'
import { operations } from '#modules/operations/index.ts'
import { resources } from '#modules/resources/index.ts'
import { search } from '#modules/search/index.ts'
import { traces } from '#modules/traces/index.ts'
import { lineWriter } from '#platform/line-writer.ts'
import { openLogger } from '#platform/logger.ts'
import { gauge } from '#platform/metric.ts'
import { postgresIdempotency } from '#platform/postgres-idempotency.ts'
import { readSecret } from '#platform/secrets.ts'
import { keysInFolder, keysInText, type SigningKeys } from '#platform/signing-keys.ts'
import { monotonicMs } from '#platform/timers.ts'
import { tracedLimiter } from '#platform/traced.ts'
import { openAccounts } from './accounts.ts'
import { choresOf } from './chores.ts'
import { coherentCache } from './coherent-cache.ts'
import type { Config } from './config.ts'
import { openConnections } from './connections.ts'
import { joinFleet, selfOf } from './fleet.ts'
import { ConfigError, commaSeparated } from './load-config.ts'
import { policiesOf, searchPolicyOf } from './policies.ts'
import { requestRecords } from './request-records.ts'
import { openTraces, telemetry } from './telemetry.ts'

/** Everything one process needs, built and joined, not yet started. */
export async function compose(config: Config) {
  const self = selfOf(config)
  const { instanceId, startedAt, version } = self
  const serverKey = mustHave(readSecret(config.SECRETS_DIR, 'server-key'), 'server-key', config)
  const keys = signingKeys(config)
  const logger = openLogger(config.LOG_LEVEL, instanceId)
  const lines = lineWriter(1)
  const traced = openTraces(config, version)
  const { tracing } = traced

  // What stands outside, what is kept of it here, and the other replicas
  const connections = openConnections(config, instanceId, tracing)
  const { postgres, database, redis, subscriber, breakers, dependencies } = connections
  const base = { config, self, connections, serverKey, logger }
  const kept = coherentCache({ ...base, tracing })
  const { cache } = kept
  const fleet = joinFleet({ ...base, cache })
  const { registry, admission, limiter, internal, askOthers } = fleet

  // Who may ask, and how often
  const policies = policiesOf(config)
  const searchPolicy = searchPolicyOf(config)
  const write = writes({ database, cache, idempotency: postgresIdempotency })
  const trail = countedTrail(auditTrail)
  const declared = new Set<string>()
  const accounts = await openAccounts({
    ...base,
    keys,
    kept,
    write,
    trail,
    declared,
    limiter,
    policies,
  })

  // What is told of it, live and afterwards
  const records = requestRecords({ config, logger, lines, session: postgres.autocommit })
  const live = events({
    replicas: registry.replicas,
    time: registry.time,
    standing: accounts.standing,
    slowMs: config.TRACE_SLOW_MS,
  })
  registry.onBeat(live.beat)
  fleet.onPresence((presence) => (presence === 'serving' ? live.resume() : live.drain()))
  registry.onBeat(
    auditFeed({
      database,
      isWatched: () => live.watching() > 0,
      publish: (entry) => live.publish('audit', JSON.stringify(entry), 'audit:read'),
    }),
  )
  const forgetOldSessions = accounts.sessions.forgetOld
  const chores = choresOf({ config, database, logger, forgetOldSessions })
  const metrics = telemetry({
    config,
    version,
    connections,
    fleet,
    kept,
    chores,
    lines,
    trail,
    exemplarOf: tracing?.exemplarOf,
    further: [
      ...records.metrics,
      gauge('sluice_event_streams', 'Live streams that are open', live.watching),
      ...traced.metrics,
    ],
  })

  // Everything that is served
  const here = { instanceId, startedAt, version, registry, internal, askOthers, now: monotonicMs }
  const collections = { database, cache, write }
  const owned = [resources(collections), items(collections)]
  const noted = audited({
    database,
    audit: trail.trail,
    warn: (details, message) => logger.warn(details, message),
  })
  const trials = config.DEMO
    ? experiments({
        ...here,
        admission,
        audited: noted,
        redisLinks: [redis, subscriber],
        crash: () => process.kill(process.pid, 'SIGKILL'),
      })
    : undefined
  if (trials) registry.onBeat(trials.beat)
  const flaky = config.DEMO && config.EXTERNAL_URL === '' ? await openFlakyDependency() : undefined
  const modules = [
    ...owned,
    accounts.users,
    accounts.sessions,
    accounts.apiKeys,
    accounts.roles,
    audit({ database, refused: accounts.refused }),
    search({ database, cache, limits: [{ per: 'address', policy: searchPolicy }] }),
    operations({
      ...here,
      metrics,
      metricsToken: config.DEMO ? undefined : config.METRICS_TOKEN,
    }),
    traces({ ...here, tracing }),
    external({
      url: flaky?.url ?? config.EXTERNAL_URL,
      timeoutMs: config.EXTERNAL_TIMEOUT_MS,
      breaker: connections.external,
      tracer: tracing,
    }),
    admin({
      ...here,
      database,
      cache,
      breakers,
      audited: noted,
      isDemo: config.DEMO,
      policies: [...Object.values(policies), searchPolicy],
      busiest: limiter.busiest,
      decisions: () => fleet.decisions.counts(),
      admission: admission.stats,
      events: live,
      configured: config.LOG_LEVEL,
      current: () => logger.level,
    }),
    ...(trials ? [trials] : []),
  ]
  for (const { permissions } of modules) for (const permission of permissions) declared.add(permission)

  const { app, routes } = await buildServer({
    version,
    health: { instanceId, isDraining: fleet.isDraining, dependencies: dependencies.states },
    observe: {
      counts: fleet.counts,
      refused: fleet.refusals.count,
      tracing,
      log: (answered) => {
        records.add(answered)
        if (live.isShown(answered)) live.publish('request', requestEvent(instanceId, answered))
      },
      now: monotonicMs,
    },
    authenticate: accounts.credentials,
    deadline: { timeoutMs: config.REQUEST_TIMEOUT_MS, now: monotonicMs },
    admit: { admission, now: monotonicMs },
    rateLimit: {
      limiter: tracing ? tracedLimiter(limiter, tracing) : limiter,
      policies,
      decided: (verdict) => fleet.decisions.count(verdict),
    },
    modules,
    trustedProxies: commaSeparated(config.TRUSTED_PROXIES),
    corsOrigins: config.SERVE_CORS ? commaSeparated(config.CORS_ORIGINS) : [],
    logDefect: (error, requestId) => logger.error({ err: error, requestId }, 'defect'),
  })
  kept.warmWith(owned)

  return {
    app,
    routes,
    logger,
    database,
    async start(): Promise<void> {
      await kept.start()
      fleet.start()
      dependencies.start()
      chores.start()
      records.start()
    },
    /** Calls the listener when an admin takes this replica out, and back in, and when it leaves. */
    onPresence: fleet.onPresence,
    /** Before a stop: answers what still comes, and asks for nothing more. */
    drain: fleet.leave,
    async close(): Promise<void> {
      chores.stop()
      dependencies.stop()
      try {
        await records.close()
        await Promise.all([fleet.close(), accounts.close()])
        await kept.close()
        await connections.close()
        await traced.close()
        flaky?.server.close()
      } finally {
        // Whatever could not be closed in good order: what was logged of it is written.
        await lines.close()
      }
    },
  }
}

function mustHave(secret: string | undefined, name: string, { SECRETS_DIR }: Config): string {
  if (secret === undefined)
    throw new ConfigError([`SECRETS_DIR=${SECRETS_DIR} holds no ${name}: run node scripts/secrets.ts`])
  return secret
}

function signingKeys({ JWT_PRIVATE_KEYS, SECRETS_DIR }: Config): SigningKeys {
  if (JWT_PRIVATE_KEYS.trim() === '') return keysInFolder(join(SECRETS_DIR, 'jwt'))
  try {
    return keysInText(JWT_PRIVATE_KEYS)
  } catch {
    throw new ConfigError(['JWT_PRIVATE_KEYS=(hidden): not every one is an Ed25519 private key'])
  }
}
