/** Several limits on one request: it passes when all let it pass, and spends of none when one refuses. */

import type { Hold, Limiter, Policy, Verdict } from './policy.ts'

export interface Part {
  readonly key: string
  readonly policy: Policy
  readonly cost: number
}

/**
 * Gives the verdict of the tightest: the least left, or the refusal that lasts longest. All parts are asked in the same
 * turn, so they travel in one call.
 */
export function takeAll(limiter: Limiter, parts: readonly [Part, ...Part[]]): Verdict | Promise<Verdict> {
  const [first] = parts
  if (parts.length === 1) return limiter.take(first.key, first.policy, first.cost)
  const holds = parts.map(({ key, policy, cost }) => limiter.hold(key, policy, cost))
  return holds.every(isHold) ? conclude(holds) : Promise.all(holds).then(conclude)
}

function conclude(holds: readonly Hold[]): Verdict {
  const verdicts = holds.map((hold) => hold.verdict)
  const tightest = verdicts.reduce((a, b) => (isTighter(b, a) ? b : a))
  for (const hold of holds) hold.settle(tightest.isAllowed)
  return tightest
}

function isTighter(a: Verdict, b: Verdict): boolean {
  if (a.isAllowed !== b.isAllowed) return b.isAllowed
  return a.isAllowed ? a.remaining < b.remaining : a.retryAfterSeconds > b.retryAfterSeconds
}

const isHold = (hold: Hold | Promise<Hold>): hold is Hold => 'verdict' in hold
