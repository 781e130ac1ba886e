/** Who is asking: an account's session, an API key, or nobody known. Frozen, shared by all requests of one credential. */

import type { Policy } from '#kernel/limiter/policy.ts'

export const tiers = ['anonymous', 'free', 'pro', 'enterprise'] as const
export type Tier = (typeof tiers)[number]

/** `resource:verb`, declared by the module that owns the resource. */
export type Permission = `${string}:${string}`

export interface Principal {
  readonly kind: 'anonymous' | 'session' | 'api-key'
  /** The account that acts, also behind an API key; 0 for nobody. */
  readonly userId: number
  /** The session or API key that was presented; 0 for nobody. */
  readonly credentialId: number
  readonly role: string
  readonly tier: Tier
  readonly permissions: ReadonlySet<string>
  /** Names the bucket this principal spends from, e.g. `user:7`; an anonymous one spends from its address. */
  readonly bucket: string
  /** A limit of its own, below that of the tier, and then the account's bucket of which it is a part. */
  readonly own?: { readonly policy: Policy; readonly accountBucket: string; readonly accountPolicy: Policy }
  /** Unix milliseconds after which the credential is no longer valid; Infinity for none. */
  readonly expiresAt: number
}

export const anonymous: Principal = Object.freeze({
  kind: 'anonymous',
  userId: 0,
  credentialId: 0,
  role: 'anonymous',
  tier: 'anonymous',
  permissions: new Set<string>(),
  bucket: '',
  expiresAt: Number.POSITIVE_INFINITY,
})

/** Names who asks, in logs and where answers are kept for a retry: `user:7`, `api-key:3`; empty for nobody known. */
export const callerOf = ({ kind, userId, credentialId }: Principal): string =>
  kind === 'anonymous' ? '' : kind === 'api-key' ? `api-key:${credentialId}` : `user:${userId}`

/** Whether `principal` may do what an account holding `permissions` may: nobody touches more than they hold. */
export const holdsAll = (principal: Principal, permissions: Iterable<string>): boolean => {
  for (const permission of permissions) if (!principal.permissions.has(permission)) return false
  return true
}
