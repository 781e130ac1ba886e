/** Everything one replica knows of one bucket: its lease, who waits for an answer, and until when the answer is no. */

import type { Links } from '#kernel/recency.ts'
import type { Ask, Grant, Need } from './bucket-store.ts'
import { Demand } from './demand.ts'
import { Lease } from './lease.ts'
import { LocalBucket } from './local-bucket.ts'
import type { Outage } from './outage.ts'
import type { Hold, Policy } from './policy.ts'

/** A request that waits for the store. */
export interface Waiter {
  readonly cost: number
  readonly isHeld: boolean
  readonly resolve: (hold: Hold) => void
}

/** An ask under way, and who waits for its answer. */
export interface Trip {
  readonly ask: Ask
  readonly waiters: readonly Waiter[]
}

// The replica's deadline comes a tenth before the store's: clocks may drift apart, calls take time.
const shareOfLease = 0.9
// Asking ahead of the last token: requests go on from the rest while the answer travels.
const lowWaterShare = 0.2
// Even where tokens drip faster, a replica that was refused asks a hundred times a second at most.
const shortestDenialMs = 10

export class Account implements Links<Account> {
  older: Account | undefined
  newer: Account | undefined
  readonly key: string
  policy: Policy
  readonly lease = new Lease()
  readonly demand = new Demand()
  waiters: Waiter[] = []
  asked: Trip | undefined
  isDue = false
  isUsed = true
  isReturning = false
  #local: LocalBucket | undefined
  #left = 0
  #repliedAt = 0
  #takenSinceReply = 0
  #lowWater = 0
  #deniedUntil = Number.NEGATIVE_INFINITY
  #deniedCost = 0

  constructor(key: string, policy: Policy) {
    this.key = key
    this.policy = policy
  }

  /** Counts what was admitted. True when the lease runs low and it is time to ask for more. */
  took(cost: number): boolean {
    this.demand.take(cost)
    this.#takenSinceReply += cost
    return this.lease.tokens < this.#lowWater
  }

  /**
   * What is surely left: what others held counts as gone, and they are taken to spend as this replica does, out of the
   * refill first.
   */
  remaining(replicas: number, at: number): number {
    const refilled = ((at - this.#repliedAt) / 1_000) * this.policy.refillPerSecond
    const byOthers = Math.max(0, (replicas - 1) * this.#takenSinceReply - refilled)
    return this.lease.tokens + Math.max(0, Math.floor(this.#left - byOthers))
  }

  /** How long `cost` is known to be refused; 0 when it is not known. A smaller cost than the refused may pass. */
  deniedMs(cost: number, at: number): number {
    if (at >= this.#deniedUntil || cost < this.#deniedCost) return 0
    return this.#deniedUntil - at + ((cost - this.#deniedCost) / this.policy.refillPerSecond) * 1_000
  }

  localBucket(replicas: number, outage: Outage): LocalBucket {
    this.#local ??= new LocalBucket(this.policy, replicas, outage.localRefillFrom)
    return this.#local
  }

  ask(ticket: number, at: number, horizonMs: number, replicas: number, outage: Outage): Trip {
    const { lease, policy } = this
    lease.lapse(at)
    const back = this.isReturning ? lease.tokens : 0
    const wanted = this.demand.wanted(at, horizonMs, policy.capacity)
    const ask: Ask = {
      key: this.key,
      policy,
      base: lease.base,
      ticket,
      spent: lease.spent,
      back,
      want: this.isReturning ? 0 : Math.max(0, wanted - lease.tokens),
      needs: grouped(this.waiters),
      outage: outage.ages(at),
      ownTokens: (this.#local ?? new LocalBucket(policy, replicas, at)).level(replicas, at),
    }
    lease.tokens -= back
    lease.spent = 0
    const trip = { ask, waiters: this.waiters }
    this.asked = trip
    this.waiters = []
    this.isReturning = false
    return trip
  }

  settle(ask: Ask, grant: Grant, sentAt: number, at: number): void {
    this.asked = undefined
    this.lease.renew(ask.ticket, grant.isLeaseKnown, grant.leased, sentAt + grant.leaseMs * shareOfLease)
    this.#left = grant.left
    this.#repliedAt = at
    this.#takenSinceReply = 0
    this.#lowWater = Math.floor(this.lease.tokens * lowWaterShare)
    this.#deniedUntil =
      grant.waitMs > 0 ? at + Math.max(shortestDenialMs, grant.waitMs) : Number.NEGATIVE_INFINITY
    const refused = ask.needs.filter((need, index) => (grant.admitted[index] ?? 0) < need.count)
    this.#deniedCost = Math.min(...refused.map((need) => need.cost))
  }

  /** The answer will not come, or says nothing: gives back all who wait. */
  abandon(): readonly Waiter[] {
    const waiters = [...(this.asked?.waiters ?? []), ...this.waiters]
    this.asked = undefined
    this.waiters = []
    this.lease.orphan()
    return waiters
  }

  /** Nothing is lost when it is forgotten. */
  isForgettable(at: number, replicas: number): boolean {
    const isBusy = this.isDue || this.asked !== undefined || this.waiters.length > 0
    if (isBusy || this.lease.tokens > 0 || this.lease.held > 0 || at < this.#deniedUntil) return false
    return this.#local?.isFull(replicas, at) ?? true
  }
}

/** Equal neighbours count as one need. */
function grouped(waiters: readonly Waiter[]): readonly Need[] {
  const needs: { cost: number; count: number; isHeld: boolean }[] = []
  for (const { cost, isHeld } of waiters) {
    const last = needs.at(-1)
    if (last?.cost === cost && last.isHeld === isHeld) last.count++
    else needs.push({ cost, count: 1, isHeld })
  }
  return needs
}
