/** P9: goodput at five times capacity beside its peak, and who is served then. */

import { cores } from '#scripts/overload/cores.ts'
import { openOverload, type Step } from '#scripts/overload/goodput.ts'
import type { StreamResult } from '#scripts/overload/plan.ts'
import { flood } from '#scripts/prove/grounds.ts'
import type { Promised } from '#scripts/prove/promise.ts'

const first = ['health', 'admin', 'enterprise']

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** The share of `name` that was answered well, over all of the steps. */
function shareOf(steps: readonly Step[], name: string): number {
  const streams = steps.flatMap((step) => step.streams.filter((each) => each.name === name))
  const sum = (of: (stream: StreamResult) => number): number => streams.map(of).reduce((a, b) => a + b, 0)
  return sum(({ good }) => good) / sum(({ sent }) => sent)
}

export const overload: Promised = {
  id: 'P9',
  promise: 'at five times capacity goodput holds, and health, admins and paying tiers are served first',
  bound: 'goodput at least 90 % of its peak; 95 % of theirs answered',
  on: flood,
  async measure(stack) {
    const load = await openOverload(stack, cores().ofLoad)
    // Never from idle: Node accepts one connection a turn, so that a jump loses some in its first seconds (docs/overload.md).
    const rounds: Step[][] = []
    for (let round = 0; round < 5; round++)
      rounds.push([await load.step(1, 5), await load.step(2, 5), await load.step(5, 5)])
    const flooded = rounds.flatMap((steps) => steps.slice(2))
    const peaks = rounds.map(([one, two]) => Math.max(one?.goodPerSecond ?? 0, two?.goodPerSecond ?? 0))
    // Round by round: what a machine can do drifts, by more than the promise allows.
    const share = median(flooded.map(({ goodPerSecond }, round) => goodPerSecond / (peaks[round] ?? 0)))
    const shares = first.map((name) => ({ name, share: shareOf(flooded, name) }))
    return {
      holds: share >= 0.9 && shares.every((each) => each.share >= 0.95),
      measured:
        `${(share * 100).toFixed(0)} % of ${median(peaks).toFixed(0)}/s at ${(5 * load.capacityPerSecond).toFixed(0)}/s offered; ` +
        `answered then: ${shares.map((each) => `${each.name} ${(each.share * 100).toFixed(1)} %`).join(', ')}, ` +
        `anonymous ${(shareOf(flooded, 'anonymous') * 100).toFixed(0)} %`,
    }
  },
}
