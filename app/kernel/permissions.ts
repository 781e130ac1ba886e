/** From what a role or a key was granted to the principal that acts with it. */

import type { Principal, Tier } from './principal.ts'

/** In a role: every permission that any module declares, also those declared after the role was made. */
const everyPermission = '*'

/** What `granted` means: `*` is every declared permission; one that no module declares any more means nothing. */
export function expand(granted: readonly string[], declared: ReadonlySet<string>): ReadonlySet<string> {
  if (granted.includes(everyPermission)) return declared
  return new Set(granted.filter((permission) => declared.has(permission)))
}

const ranks: Record<Tier, number> = { anonymous: 0, free: 1, pro: 2, enterprise: 3 }

/** A key never has more than its account: the lower of the two. */
export const lowerTier = (a: Tier, b: Tier): Tier => (ranks[a] < ranks[b] ? a : b)

/** Shared by all requests of one credential, so nobody may change it. */
export const frozen = (principal: Principal): Principal => Object.freeze(principal)
