/** What an API key means now: its scopes, as far as its account still holds them. */

import type { Session } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import { expand, frozen, lowerTier } from '#kernel/permissions.ts'
import type { Principal } from '#kernel/principal.ts'
import { demoKeys } from '#modules/users/index.ts'
import { isWellFormed } from './api-key.ts'
import { apiKeysStore as store } from './api-keys.store.ts'

export interface KeyCheckDeps {
  readonly database: Session
  /** Whether the keys of the demo are accepted. */
  readonly isDemo: boolean
  readonly declared: ReadonlySet<string>
  /** Told of each key that was found good. */
  readonly used: (id: number) => void
}

/** @throws {AppError} `invalid_token`; `dependency_unavailable` when the key cannot be looked up. */
export function keyCheck({ database, isDemo, declared, used }: KeyCheckDeps) {
  const canBeKey = (key: string): boolean => isWellFormed(key) || (isDemo && demoKeys.includes(key))

  return async (key: string): Promise<Principal> => {
    const grant = canBeKey(key) ? await store.grant(database, key) : undefined
    if (grant === undefined || (grant.isDemo && !isDemo)) {
      throw new AppError('invalid_token', { detail: 'The credential is not valid, or no longer.' })
    }
    used(grant.id)
    const held = expand(grant.permissions, declared)
    const scopes = expand(grant.scopes, declared)
    return frozen({
      kind: 'api-key',
      userId: grant.ownerId,
      credentialId: grant.id,
      role: grant.role,
      tier: grant.keyTier === null ? grant.accountTier : lowerTier(grant.keyTier, grant.accountTier),
      permissions: new Set([...scopes].filter((scope) => held.has(scope))),
      bucket: `api-key:${grant.id}`,
      expiresAt: grant.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(grant.expiresAt),
    })
  }
}
