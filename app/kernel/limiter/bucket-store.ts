/** Where the buckets of all replicas are kept: one call settles what a replica owes and wants for many of them. */

import type { Policy } from './policy.ts'

/** Requests that wait for the answer: `count` of them, `cost` tokens each. */
export interface Need {
  readonly cost: number
  readonly count: number
  /** What is admitted stays part of the lease until it is reported as spent, so that it can still be given back. */
  readonly isHeld: boolean
}

/** Amounts are whole tokens, times milliseconds. */
export interface Ask {
  readonly key: string
  readonly policy: Policy
  /** Ticket of the lease this builds on, 0 for none: any other lease of the holder is written off as spent. */
  readonly base: number
  /** Grows with every ask of the holder: a repeated or belated call is recognised by it. */
  readonly ticket: number
  /** Spent of the lease since the last ask. */
  readonly spent: number
  /** Given back. */
  readonly back: number
  /** Asked for as a lease, beyond the needs. */
  readonly want: number
  readonly needs: readonly Need[]
  /** How long ago the holder lost the store and found it again; undefined when it never did. */
  readonly outage: { readonly lostAgoMs: number; readonly foundAgoMs: number } | undefined
  /** What the holder's own bucket would still give: the level of a bucket that was lost with the store. */
  readonly ownTokens: number
}

export interface Grant {
  /** A call that was seen before: nothing was done. */
  readonly isRepeated: boolean
  /** False when the lease the ask builds on is unknown (run out, store emptied): what is left of it is void. */
  readonly isLeaseKnown: boolean
  /** How many of each need were admitted. */
  readonly admitted: readonly number[]
  /** Tokens leased beyond the needs: at most a quarter of what the bucket holds. */
  readonly leased: number
  /** Tokens left in the bucket, leased to nobody. */
  readonly left: number
  /** How long the lease lasts at the store. */
  readonly leaseMs: number
  /** Until the least cost that was refused can be met; 0 when none was. */
  readonly waitMs: number
}

export interface BucketStore {
  /**
   * Answers in the order of the asks. Rejects within a bounded time when the store is away; nobody knows then
   * whether the asks were carried out. An empty list finds out whether the store is there.
   */
  settle(holder: string, asks: readonly Ask[]): Promise<readonly Grant[]>
  /** Calls back whenever the store is lost, also while nobody asks. */
  onLoss(lost: () => void): void
}
