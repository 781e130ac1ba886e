/** What a limit is and what it answers: a bucket by name, and a verdict that says how much of it is left. */

export interface Policy {
  /** Shown to clients and part of the key: buckets of equal name and key are one bucket. */
  readonly name: string
  /** Tokens of a full bucket, a positive integer. */
  readonly capacity: number
  readonly refillPerSecond: number
  /** What the policy is announced with (`w=`), and the length of a sliding window. */
  readonly windowSeconds: number
  /** Token bucket unless said otherwise. A sliding window's refillPerSecond is capacity / windowSeconds. */
  readonly algorithm?: 'token-bucket' | 'sliding-window'
}

/** So many a minute: the figure is the capacity, refilled evenly. */
export const perMinute = (name: string, capacity: number): Policy => ({
  name,
  capacity,
  refillPerSecond: capacity / 60,
  windowSeconds: 60,
})

export interface Verdict {
  readonly isAllowed: boolean
  readonly policy: Policy
  /** Whole tokens left; what other replicas hold or are likely to have spent counts as gone. */
  readonly remaining: number
  /** Until the bucket is full again. */
  readonly resetSeconds: number
  /** 0 when allowed, else whole seconds, rounded up, after which the same request can pass. */
  readonly retryAfterSeconds: number
}

/** A verdict whose tokens are set aside until it is known whether the request goes on. */
export interface Hold {
  readonly verdict: Verdict
  /** Once: the tokens count as spent, or go back as if they had never been taken. */
  settle(isSpent: boolean): void
}

/** What one replica knows of one bucket. */
export interface BucketUse {
  readonly key: string
  readonly policy: Policy
  /** Tokens this replica let through since it remembers the bucket; one that was idle for a second is forgotten. */
  readonly spent: number
  readonly remaining: number
}

export interface Limiter {
  /**
   * Takes `cost` tokens (a positive integer; one above the capacity takes the whole bucket) or none. A plain value
   * whenever a lease, a known refusal or an outage answers; a promise only when the store has to be asked.
   */
  take(key: string, policy: Policy, cost: number): Verdict | Promise<Verdict>
  /** As `take`, but nothing is spent before `settle`. */
  hold(key: string, policy: Policy, cost: number): Hold | Promise<Hold>
  /** The `count` buckets this replica let most through, the busiest first. */
  busiest(count: number): BucketUse[]
  /** Returns unspent tokens. What is asked afterwards is still answered, by the store each time. */
  close(): Promise<void>
}

export const allowed = (policy: Policy, remaining: number): Verdict => ({
  isAllowed: true,
  policy,
  remaining,
  resetSeconds: resetSeconds(policy, remaining),
  retryAfterSeconds: 0,
})

export const refused = (policy: Policy, remaining: number, waitMs: number): Verdict => ({
  isAllowed: false,
  policy,
  remaining,
  resetSeconds: resetSeconds(policy, remaining),
  retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
})

const resetSeconds = ({ capacity, refillPerSecond }: Policy, remaining: number): number =>
  Math.ceil((capacity - remaining) / refillPerSecond)
