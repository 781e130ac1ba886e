/** How often each policy let a request pass or refused it. */

import type { Verdict } from './policy.ts'

export interface DecisionCounts {
  allowed: number
  denied: number
}

/** Keys with limits of their own bring policies of their own; beyond so many all are counted as one. */
const maxPolicies = 32

export class Decisions {
  readonly #byPolicy = new Map<string, DecisionCounts>()

  count({ policy, isAllowed }: Verdict): void {
    const counts = this.#byPolicy.get(policy.name) ?? this.#add(policy.name)
    if (isAllowed) counts.allowed += 1
    else counts.denied += 1
  }

  counts(): ReadonlyMap<string, Readonly<DecisionCounts>> {
    return this.#byPolicy
  }

  #add(name: string): DecisionCounts {
    if (this.#byPolicy.size >= maxPolicies && name !== 'other') {
      return this.#byPolicy.get('other') ?? this.#add('other')
    }
    const counts = { allowed: 0, denied: 0 }
    this.#byPolicy.set(name, counts)
    return counts
  }
}
