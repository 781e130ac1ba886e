/** The plain token bucket (Turner, 1986) of one replica, for while the shared one is out of reach: its share of the limit. */

import type { Policy } from './policy.ts'

export class LocalBucket {
  readonly #policy: Policy
  #tokens: number
  #at: number

  /** `refillsFrom` lies ahead by the time replicas may differ in noticing that the store is back. */
  constructor(policy: Policy, replicas: number, refillsFrom: number) {
    this.#policy = policy
    this.#tokens = share(policy, replicas)
    this.#at = refillsFrom
  }

  level(replicas: number, at: number): number {
    if (at > this.#at) {
      const refilled = ((at - this.#at) / 1_000) * (this.#policy.refillPerSecond / replicas)
      this.#tokens = Math.min(share(this.#policy, replicas), this.#tokens + refilled)
      this.#at = at
    }
    return Math.max(0, Math.floor(this.#tokens))
  }

  /** 0 when taken, else the milliseconds until it could be. A cost above the share needs a full one and leaves a debt. */
  take(cost: number, replicas: number, at: number): number {
    this.level(replicas, at)
    const missing = Math.min(cost, share(this.#policy, replicas)) - this.#tokens
    if (missing > 0) {
      return Math.max(0, this.#at - at) + (missing / (this.#policy.refillPerSecond / replicas)) * 1_000
    }
    this.#tokens -= cost
    return 0
  }

  isFull(replicas: number, at: number): boolean {
    return this.level(replicas, at) >= share(this.#policy, replicas)
  }

  giveBack(cost: number, replicas: number): void {
    this.#tokens = Math.min(share(this.#policy, replicas), this.#tokens + cost)
  }
}

/** At least 1, so that nobody is locked out by a small limit or a large fleet. */
const share = ({ capacity }: Policy, replicas: number): number => Math.max(1, Math.floor(capacity / replicas))
