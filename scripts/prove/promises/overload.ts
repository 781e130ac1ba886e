/** P9: goodput at five times capacity beside its peak, and who is served then. */

import { cores } from '#scripts/overload/cores.ts'
import { openOverload, type Step } from '#scripts/overload/goodput.ts'
import { shareOf } from '#scripts/overload/plan.ts'
import { flood } from '#scripts/prove/grounds.ts'
import type { Promised } from '#scripts/prove/promise.ts'

const first = ['health', 'admin', 'enterprise']

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** The least share of `name` that was answered well in any of the steps. */
const leastShare = (steps: readonly Step[], name: string): number =>
  Math.min(...steps.flatMap(({ streams }) => streams.filter((each) => each.name === name).map(shareOf)))

export const overload: Promised = {
  id: 'P9',
  promise: 'at five times capacity goodput holds, and health, admins and paying tiers are served first',
  bound: 'goodput at least 90 % of its peak; 95 % of theirs answered',
  on: flood,
  async measure(stack) {
    const load = await openOverload(stack, cores().ofLoad)
    // Never from idle: Node accepts one connection a turn, so that a jump loses some in its first seconds (docs/overload.md).
    const factors = [1, 2, 5, 1, 2, 5, 1, 2, 5]
    const steps: Step[] = []
    for (const factor of factors) steps.push(await load.step(factor, 5))
    const goodAt = (factor: number): number =>
      median(steps.filter((step) => step.factor === factor).map(({ goodPerSecond }) => goodPerSecond))
    const peak = Math.max(...factors.filter((factor) => factor < 5).map(goodAt))
    const share = goodAt(5) / peak
    const flooded = steps.filter(({ factor }) => factor === 5)
    const shares = first.map((name) => ({ name, share: leastShare(flooded, name) }))
    return {
      holds: share >= 0.9 && shares.every((each) => each.share >= 0.95),
      measured:
        `${(share * 100).toFixed(0)} % of ${peak.toFixed(0)}/s at ${(5 * load.capacityPerSecond).toFixed(0)}/s offered; ` +
        `answered then: ${shares.map((each) => `${each.name} ${(each.share * 100).toFixed(1)} %`).join(', ')}, ` +
        `anonymous ${(leastShare(flooded, 'anonymous') * 100).toFixed(0)} %`,
    }
  },
}
