/** Replicas that serve accounts, over a real Postgres and a real Redis of one test file, called without a network. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { revoking } from '#http/revoke.ts'
import { buildServer, type RouteModule } from '#http/server.ts'
import { writes } from '#http/write.ts'
import { openAdmission } from '#kernel/admission/admission.ts'
import { openCache } from '#kernel/cache/open-cache.ts'
import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { openCoherence } from '#kernel/coherence/open-coherence.ts'
import { credentialMap } from '#kernel/credential-map.ts'
import type { Database } from '#kernel/database.ts'
import { leasedLimiter } from '#kernel/limiter/limiter.ts'
import type { Policy } from '#kernel/limiter/policy.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { apiKeys } from '#modules/api-keys/index.ts'
import { audit, auditTrail, type CountedTrail, countedTrail, refusalTrail } from '#modules/audit/index.ts'
import { items } from '#modules/items/index.ts'
import { resources } from '#modules/resources/index.ts'
import { roles } from '#modules/roles/index.ts'
import { credentialCheck, type Deliver, noDelivery, sessions } from '#modules/sessions/index.ts'
import { seedDemoAccounts, users } from '#modules/users/index.ts'
import { accessTokens } from '#platform/access-tokens.ts'
import { openPasswords, type PasswordOptions } from '#platform/passwords.ts'
import { openPostgres } from '#platform/postgres.ts'
import { postgresAnnouncements } from '#platform/postgres-announcements.ts'
import { postgresIdempotency } from '#platform/postgres-idempotency.ts'
import { openRedis } from '#platform/redis.ts'
import { redisBuckets } from '#platform/redis-buckets.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { redisRevocations } from '#platform/redis-revocations.ts'
import { keysInFolder } from '#platform/signing-keys.ts'
import { after, monotonicMs } from '#platform/timers.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { asApplication, testDatabase } from './database.ts'
import { eventually } from './eventually.ts'
import { testRedis } from './redis.ts'
import type { Scope } from './scope.ts'
import { withoutStrayWrites } from './stray-writes.ts'

/** What the replicas of one test share. */
export interface Accounts {
  readonly secretsDirectory: string
  readonly databaseUrl: string
  readonly database: Database
  readonly redisUrl: string
  readonly prefix: string
}

export interface ReplicaOptions {
  readonly isDemo?: boolean
  readonly failuresPerAccount?: number
  readonly triesPerAddress?: number
  readonly passwords?: Partial<PasswordOptions>
  readonly deliver?: Deliver
  /** What is only logged. */
  readonly warn?: (details: object, message: string) => void
  /** Monotonic milliseconds, of the bound on audited refusals. */
  readonly now?: () => number
  readonly refusalsPerSecond?: number
  /** Stands in front of the real database: where a test breaks it. */
  readonly guard?: (database: Database) => Database
}

export interface Replica {
  readonly app: FastifyInstance
  readonly redis: ReturnType<typeof openRedis>[]
  readonly call: <Body>(method: string, url: string, call?: Call) => Promise<Answer<Body>>
  readonly flushLastUsed: () => Promise<void>
  readonly forgetOld: () => Promise<void>
  readonly audited: CountedTrail
  /** Whether revocations reach it by Redis. */
  readonly isTrusted: () => boolean
}

export interface Call {
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly remoteAddress?: string
}

export interface Answer<Body> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  readonly body: Body
}

/** A migrated database with the demo's accounts in it, and secrets. */
export async function accounts(t: Scope): Promise<Accounts> {
  const [databaseUrl, { url: redisUrl, prefix }] = await Promise.all([testDatabase(t), testRedis(t)])
  const secretsDirectory = mkdtempSync(join(tmpdir(), 'sluice-accounts-'))
  ensureSecrets(secretsDirectory)
  const database = openPostgres({
    url: databaseUrl,
    maxConnections: 3,
    statementTimeoutMs: 5_000,
    name: 'test',
  })
  t.teardown(async () => {
    await database.close()
    rmSync(secretsDirectory, { recursive: true, force: true })
  })
  await database.transaction(seedDemoAccounts)
  return { secretsDirectory, databaseUrl, database, redisUrl, prefix }
}

const policy = (name: string, capacity: number): Policy => ({
  name,
  capacity,
  refillPerSecond: capacity / 60,
  windowSeconds: 60,
})
const policies = {
  anonymous: policy('anonymous', 100_000),
  free: policy('free', 100_000),
  pro: policy('pro', 100_000),
  enterprise: policy('enterprise', 100_000),
}

let count = 0

export async function replica(t: Scope, shared: Accounts, options: ReplicaOptions = {}): Promise<Replica> {
  const { databaseUrl, redisUrl, prefix, secretsDirectory } = shared
  const id = `replica-${process.pid}-${++count}`
  const postgres = openPostgres({
    url: asApplication(databaseUrl),
    maxConnections: 4,
    statementTimeoutMs: 5_000,
    name: id,
  })
  const database = withoutStrayWrites(t, options.guard?.(postgres) ?? postgres)
  const redis = openRedis({ url: redisUrl, timeoutMs: 1_000, name: id })
  const subscriber = openRedis({ url: redisUrl, timeoutMs: 1_000, name: `${id}-subscriber` })
  await eventually(t, () => redis.status === 'ready' && subscriber.status === 'ready')

  const bus = redisBus({ commands: redis, subscriber, prefix, timeoutMs: 200 })
  const announcements = postgresAnnouncements({ postgres, id })
  const clock = { now: monotonicMs, after, defer: setImmediate }
  const coherence = openCoherence({ ...clock, id, bus, detour: announcements })
  const cache = openCache({
    store: redisCache({ redis, prefix, id }),
    coherence,
    now: monotonicMs,
    after,
  })
  const known = credentialMap(1_000)
  coherence.onInvalidate((names) => {
    for (const name of names) {
      if (name === EVERYTHING) known.clear()
      else known.forget(name)
    }
  })
  const limiter = leasedLimiter({
    store: redisBuckets({ redis, prefix, timeoutMs: 200 }),
    holder: id,
    now: monotonicMs,
    defer: setImmediate,
    after,
    liveReplicas: () => 1,
  })

  const write = writes({ database, cache, idempotency: postgresIdempotency })
  const revocations = redisRevocations({ redis, prefix, ttlSeconds: 900 })
  const revoke = revoking(revocations)
  const declared = new Set<string>()
  const trail = countedTrail(auditTrail)
  const refused = refusalTrail({
    ...{ database, trail: auditTrail, counted: trail.counted, now: options.now ?? monotonicMs },
    perSecond: options.refusalsPerSecond ?? 1_000,
  })
  const accountsDeps = { database, cache, write, audit: trail.trail, revoke, declared }
  const usersModule = users(accountsDeps)
  const sessionsModule = sessions({
    ...accountsDeps,
    refused,
    warn: options.warn ?? (() => {}),
    revocations,
    limiter,
    policies,
    users: usersModule,
    tokens: await accessTokens({
      keys: keysInFolder(join(secretsDirectory, 'jwt')),
      issuer: 'sluice',
      audience: 'sluice-api',
      ttlSeconds: 900,
      now: monotonicMs,
    }),
    deliver: options.deliver ?? noDelivery,
    passwords: await openPasswords({ memoryKib: 64, iterations: 1, ...options.passwords }),
    serverKey: 'a server key of the tests',
    lives: { idleSeconds: 14 * 86_400, maxAgeSeconds: 90 * 86_400 },
    failuresPerAccount: options.failuresPerAccount ?? 1_000,
    triesPerAddress: options.triesPerAddress ?? 10_000,
    allowedOrigins: ['http://localhost:8080'],
  })
  const keys = apiKeys({ ...accountsDeps, policies, isDemo: options.isDemo ?? true })
  const modules: RouteModule[] = [
    audit({ database, refused }),
    roles(accountsDeps),
    usersModule,
    sessionsModule,
    keys,
    resources({ database, cache, write }),
    items({ database, cache, write }),
  ]
  for (const { permissions } of modules) for (const permission of permissions) declared.add(permission)

  const { app } = await buildServer({
    version: '0.0.0',
    health: { instanceId: id, isDraining: () => false, dependencies: () => ({}) },
    observe: { counts: requestCounts(), log: () => {}, now: monotonicMs },
    authenticate: {
      known,
      check: credentialCheck({ accessToken: sessionsModule.check, apiKey: keys.check }),
      isTrusted: coherence.isTrusted,
      now: monotonicMs,
    },
    deadline: { timeoutMs: 10_000, now: monotonicMs },
    admit: { admission: openAdmission({ now: monotonicMs }), now: monotonicMs },
    rateLimit: { limiter, policies },
    modules,
    trustedProxies: ['127.0.0.1/8'],
    corsOrigins: [],
    logDefect: (error) => console.error(error),
  })
  await app.ready()
  await coherence.start()
  await eventually(t, () => coherence.isTrusted())
  t.teardown(async () => {
    await app.close()
    await limiter.close()
    await coherence.close()
    await announcements.close()
    redis.disconnect()
    subscriber.disconnect()
    await postgres.close()
  })

  return {
    app,
    redis: [redis, subscriber],
    flushLastUsed: keys.close,
    forgetOld: sessionsModule.forgetOld,
    audited: trail,
    isTrusted: coherence.isTrusted,
    call: async <Body>(method: string, url: string, call: Call = {}) => {
      const { token, body, headers, remoteAddress = '127.0.0.1' } = call
      const response = await app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url,
        remoteAddress,
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
        ...(body !== undefined && { payload: body as object }),
      })
      return {
        status: response.statusCode,
        headers: response.headers,
        body: (response.body === '' ? undefined : JSON.parse(response.body)) as Body,
      }
    },
  }
}
