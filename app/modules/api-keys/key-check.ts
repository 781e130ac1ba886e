/** What an API key means now: its scopes, as far as its account still holds them. */

import type { Session } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import type { Policy } from '#kernel/limiter/policy.ts'
import { expand, frozen, lowerTier } from '#kernel/permissions.ts'
import type { Principal, Tier } from '#kernel/principal.ts'
import { demoKeys } from '#modules/users/index.ts'
import { isWellFormed } from './api-key.ts'
import { apiKeysStore as store } from './api-keys.store.ts'

export interface KeyCheckDeps {
  readonly database: Session
  /** Whether the keys of the demo are accepted. */
  readonly isDemo: boolean
  readonly declared: ReadonlySet<string>
  readonly policies: Readonly<Record<Tier, Policy>>
  /** Told of each key that was found good. */
  readonly used: (id: number) => void
}

/** A key's own limit, as far as the tier allows it; by its name it is another bucket than the tier's. */
function ownPolicy(limitPerMinute: number, tier: Policy): Policy {
  const capacity = Math.min(limitPerMinute, tier.capacity)
  return { name: 'api-key', capacity, refillPerSecond: capacity / 60, windowSeconds: 60 }
}

/** @throws {AppError} `invalid_token`; `dependency_unavailable` when the key cannot be looked up. */
export function keyCheck({ database, isDemo, declared, policies, used }: KeyCheckDeps) {
  const canBeKey = (key: string): boolean => isWellFormed(key) || (isDemo && demoKeys.includes(key))

  return async (key: string): Promise<Principal> => {
    const grant = canBeKey(key) ? await store.grant(database, key) : undefined
    if (grant === undefined || (grant.isDemo && !isDemo)) {
      throw new AppError('invalid_token', { detail: 'The credential is not valid, or no longer.' })
    }
    used(grant.id)
    const held = expand(grant.permissions, declared)
    const scopes = expand(grant.scopes, declared)
    const tier = grant.keyTier === null ? grant.accountTier : lowerTier(grant.keyTier, grant.accountTier)
    return frozen({
      kind: 'api-key',
      userId: grant.ownerId,
      credentialId: grant.id,
      role: grant.role,
      tier,
      ...(grant.limitPerMinute === null ? {} : { policy: ownPolicy(grant.limitPerMinute, policies[tier]) }),
      permissions: new Set([...scopes].filter((scope) => held.has(scope))),
      bucket: `api-key:${grant.id}`,
      expiresAt: grant.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(grant.expiresAt),
    })
  }
}
