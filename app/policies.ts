/** The limits that are configured, as the limiter takes them. */

import type { Policy } from '#kernel/limiter/policy.ts'
import type { Tier } from '#kernel/principal.ts'
import type { Config } from './config.ts'

/** `RATE_LIMIT_*` a minute as buckets: the figure is the capacity, refilled evenly. */
export function policiesOf(config: Config): Record<Tier, Policy> {
  return {
    anonymous: perMinute('anonymous', config.RATE_LIMIT_ANONYMOUS),
    free: perMinute('free', config.RATE_LIMIT_FREE),
    pro: perMinute('pro', config.RATE_LIMIT_PRO),
    enterprise: perMinute('enterprise', config.RATE_LIMIT_ENTERPRISE),
  }
}

export const perMinute = (name: string, capacity: number): Policy => ({
  name,
  capacity,
  refillPerSecond: capacity / 60,
  windowSeconds: 60,
})
