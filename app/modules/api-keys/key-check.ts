/** What an API key means now: its scopes, as far as its account still holds them. */

import type { Session } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import { type Policy, perMinute } from '#kernel/limiter/policy.ts'
import { expand, frozen, lowerTier } from '#kernel/permissions.ts'
import type { Principal, Tier } from '#kernel/principal.ts'
import { demoKeys } from '#modules/users/index.ts'
import { isWellFormed } from './api-key.ts'
import { type KeyGrant, apiKeysStore as store } from './api-keys.store.ts'

export interface KeyCheckDeps {
  readonly database: Session
  /** Whether the keys of the demo are accepted. */
  readonly isDemo: boolean
  readonly declared: ReadonlySet<string>
  readonly policies: Readonly<Record<Tier, Policy>>
  /** Told of each key that was found good. */
  readonly used: (id: number) => void
}

/**
 * What a key spends from. One that is limited below its account has a bucket of its own within the account's; any other
 * spends from the account's, or a hundred keys would be a hundred quotas.
 */
function spending(
  grant: KeyGrant,
  tier: Tier,
  policies: KeyCheckDeps['policies'],
): Pick<Principal, 'bucket' | 'own'> {
  const accountBucket = `user:${grant.ownerId}`
  const accountPolicy = policies[grant.accountTier]
  const capacity = Math.min(grant.limitPerMinute ?? Number.POSITIVE_INFINITY, policies[tier].capacity)
  if (capacity >= accountPolicy.capacity) return { bucket: accountBucket }
  const name = grant.limitPerMinute === null ? tier : 'api-key'
  const policy = perMinute(name, capacity)
  return { bucket: `api-key:${grant.id}`, own: { policy, accountBucket, accountPolicy } }
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
      permissions: new Set([...scopes].filter((scope) => held.has(scope))),
      ...spending(grant, tier, policies),
      expiresAt: grant.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(grant.expiresAt),
    })
  }
}
