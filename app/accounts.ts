/** Who may ask: accounts, their sessions and API keys, and what a credential means. */

import { revoking } from '#http/revoke.ts'
import { standingCredential } from '#http/standing-credential.ts'
import type { Writes } from '#http/write.ts'
import type { Limiter, Policy } from '#kernel/limiter/policy.ts'
import type { Tier } from '#kernel/principal.ts'
import { apiKeys } from '#modules/api-keys/index.ts'
import { auditTrail, type CountedTrail, refusalTrail } from '#modules/audit/index.ts'
import { roles } from '#modules/roles/index.ts'
import { consoleDelivery, credentialCheck, noDelivery, sessions } from '#modules/sessions/index.ts'
import { users } from '#modules/users/index.ts'
import { accessTokens } from '#platform/access-tokens.ts'
import { openPasswords } from '#platform/passwords.ts'
import { redisRevocations } from '#platform/redis-revocations.ts'
import type { SigningKeys } from '#platform/signing-keys.ts'
import { monotonicMs } from '#platform/timers.ts'
import type { CoherentCache } from './coherent-cache.ts'
import type { Config } from './config.ts'
import type { Connections } from './connections.ts'
import { commaSeparated } from './load-config.ts'

export interface AccountsDeps {
  readonly config: Config
  readonly connections: Connections
  readonly kept: Pick<CoherentCache, 'cache' | 'known' | 'isTrusted'>
  readonly write: Writes
  readonly trail: CountedTrail
  /** Every permission of every module; complete before the first request. */
  readonly declared: ReadonlySet<string>
  readonly limiter: Limiter
  readonly policies: Readonly<Record<Tier, Policy>>
  readonly serverKey: string
  /** What access tokens are signed with. */
  readonly keys: SigningKeys
  readonly logger: { info(line: string): void; warn(details: object, message: string): void }
}

export async function openAccounts(deps: AccountsDeps) {
  const { config, connections, kept, write, trail, declared, limiter, policies, keys, logger } = deps
  const { cache, known, isTrusted } = kept
  const { database, inRedis } = connections
  const revocations = redisRevocations({ ...inRedis, ttlSeconds: config.ACCESS_TOKEN_TTL })
  const refused = refusalTrail({ database, trail: auditTrail, counted: trail.counted, now: monotonicMs })
  const shared = { database, cache, write, audit: trail.trail, revoke: revoking(revocations), declared }
  const user = users(shared)
  const session = sessions({
    ...shared,
    refused,
    warn: (details, message) => logger.warn(details, message),
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
    serverKey: deps.serverKey,
    lives: { idleSeconds: config.REFRESH_TOKEN_TTL, maxAgeSeconds: config.SESSION_MAX_AGE },
    failuresPerAccount: config.LOGIN_FAILURES_PER_ACCOUNT,
    triesPerAddress: config.EDGE_SIGN_IN_PER_MINUTE,
    allowedOrigins: commaSeparated(config.CORS_ORIGINS),
    deliver: config.DEMO ? consoleDelivery((line) => logger.info(line)) : noDelivery,
  })
  const apiKey = apiKeys({ ...shared, policies, isDemo: config.DEMO })
  const credentials = {
    known,
    check: credentialCheck({ accessToken: session.check, apiKey: apiKey.check }),
    isTrusted,
    now: monotonicMs,
  }

  return {
    users: user,
    sessions: session,
    apiKeys: apiKey,
    roles: roles(shared),
    /** What was refused, bounded and counted. */
    refused,
    credentials,
    standing: standingCredential(credentials),
    close: apiKey.close,
  }
}
