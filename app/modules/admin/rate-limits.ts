/** The limits and who spends most, over all replicas: each knows its own part of a bucket. */

import type { DecisionCounts } from '#kernel/limiter/decisions.ts'
import type { Limiter, Policy } from '#kernel/limiter/policy.ts'
import { tiers } from '#kernel/principal.ts'
import type { AskOthers } from '#platform/other-replicas.ts'

export interface RateLimitsDeps {
  readonly instanceId: string
  /** The tiers, and what routes have of their own. */
  readonly policies: readonly Policy[]
  readonly busiest: Limiter['busiest']
  readonly decisions: () => ReadonlyMap<string, Readonly<DecisionCounts>>
  readonly askOthers: AskOthers
}

export interface KeyUse {
  readonly key: string
  readonly policy: string
  readonly spent: number
  readonly remaining: number
}

interface PolicyDecisions extends DecisionCounts {
  readonly policy: string
}

/** What one replica tells of its part. */
export interface LimitUse {
  readonly topKeys: readonly KeyUse[]
  readonly decisions: readonly PolicyDecisions[]
}

/** Where the others ask for it. */
export const limitUsePath = '/internal/rate-limits'

const shownKeys = 20
/** More than are shown: one that is below the first twenty here may be above them with what others saw. */
const toldKeys = 60

export function rateLimits({ instanceId, policies, busiest, decisions, askOthers }: RateLimitsDeps) {
  const ownUse = (): LimitUse => ({
    topKeys: busiest(toldKeys).map(({ policy, ...use }) => ({ ...use, policy: policy.name })),
    decisions: [...decisions()].map(([policy, counts]) => ({ policy, ...counts })),
  })
  const shown = ({ name, capacity, refillPerSecond }: Policy) => ({ name, capacity, refillPerSecond })
  const [ofTiers, ofRoutes] = [policies.filter(isTier), policies.filter((policy) => !isTier(policy))]

  return {
    ownUse,
    async report() {
      const uses = [ownUse(), ...(await askOthers<LimitUse>(limitUsePath))]
      return {
        instanceId,
        replicas: uses.length,
        tiers: ofTiers.map(shown).map(({ name: tier, ...rest }) => ({ tier, ...rest })),
        routes: ofRoutes.map(shown),
        decisions: decisionsOf(uses),
        topKeys: topKeysOf(uses),
      }
    },
  }
}

const isTier = ({ name }: Policy): boolean => tiers.some((tier) => tier === name)

function decisionsOf(uses: readonly LimitUse[]): PolicyDecisions[] {
  const byPolicy = new Map<string, PolicyDecisions>()
  for (const { policy, allowed, denied } of uses.flatMap((use) => use.decisions)) {
    const sum = byPolicy.get(policy)
    byPolicy.set(policy, {
      policy,
      allowed: allowed + (sum?.allowed ?? 0),
      denied: denied + (sum?.denied ?? 0),
    })
  }
  return [...byPolicy.values()]
}

/** What was spent adds up; of what is left the replica knows best that has seen the least. */
function topKeysOf(uses: readonly LimitUse[]): KeyUse[] {
  const byKey = new Map<string, KeyUse>()
  for (const use of uses.flatMap(({ topKeys }) => topKeys)) {
    const name = `${use.policy} ${use.key}`
    const sum = byKey.get(name)
    byKey.set(name, {
      ...use,
      spent: use.spent + (sum?.spent ?? 0),
      remaining: Math.min(use.remaining, sum?.remaining ?? use.remaining),
    })
  }
  return [...byKey.values()].sort((a, b) => b.spent - a.spent).slice(0, shownKeys)
}
