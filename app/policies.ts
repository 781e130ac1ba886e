/** The limits that are configured, as the limiter takes them. */

import { type Policy, perMinute } from '#kernel/limiter/policy.ts'
import type { Tier } from '#kernel/principal.ts'
import type { Config } from './config.ts'

/** `RATE_LIMIT_*`, by tier. */
export function policiesOf(config: Config): Record<Tier, Policy> {
  return {
    anonymous: perMinute('anonymous', config.RATE_LIMIT_ANONYMOUS),
    free: perMinute('free', config.RATE_LIMIT_FREE),
    pro: perMinute('pro', config.RATE_LIMIT_PRO),
    enterprise: perMinute('enterprise', config.RATE_LIMIT_ENTERPRISE),
  }
}

/** Searches of one address: a limit of the route, beside the tier's. */
export const searchPolicyOf = (config: Config): Policy => ({
  ...perMinute('search', config.RATE_LIMIT_SEARCH),
  algorithm: config.RATE_LIMIT_SEARCH_ALGORITHM,
})
