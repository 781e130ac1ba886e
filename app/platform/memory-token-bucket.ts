/** redis/scripts/token-bucket.lua, step by step, for the contract tests and for models. */

import type { Ask, Grant } from '#kernel/limiter/bucket-store.ts'

export interface Lease {
  ticket: number
  amount: number
  expiry: number
}

/** Micro-tokens and microseconds. */
export interface BucketState {
  tokens: number
  at: number
  leases: Map<string, Lease>
}

export const repeated: Grant = {
  isRepeated: true,
  isLeaseKnown: false,
  admitted: [],
  leased: 0,
  left: 0,
  leaseMs: 0,
  waitMs: 0,
}

const micro = 1_000_000

export function settleTokenBucket(
  buckets: Map<string, BucketState>,
  key: string,
  holder: string,
  ask: Ask,
  now: number,
  leaseMs: number,
): Grant {
  const capacity = ask.policy.capacity * micro
  const rate = ask.policy.refillPerSecond
  const bucket = buckets.get(key) ?? { tokens: firstLevel(ask), at: now, leases: new Map() }
  buckets.set(key, bucket)

  const own = bucket.leases.get(holder)
  if (own && own.expiry > now && own.ticket >= ask.ticket) return repeated

  let leased = 0
  for (const lease of bucket.leases.values()) leased += lease.amount
  const refill = (till: number) => {
    const passed = till - bucket.at - outageWithin(ask, bucket.at, till, now)
    const refilled = Math.min(capacity - leased, bucket.tokens + Math.floor(passed * rate))
    bucket.tokens = Math.max(bucket.tokens, refilled)
    bucket.at = Math.max(bucket.at, till)
  }
  const ended = [...bucket.leases].filter(([, lease]) => lease.expiry <= now)
  for (const [name, lease] of ended.sort(([, a], [, b]) => a.expiry - b.expiry)) {
    refill(lease.expiry)
    leased -= lease.amount
    bucket.leases.delete(name)
  }
  refill(now)
  bucket.tokens = Math.max(0, Math.min(bucket.tokens, capacity - leased))

  const isLeaseKnown = bucket.leases.get(holder)?.ticket === ask.base && own !== undefined
  let amount = 0
  if (isLeaseKnown) {
    amount = Math.max(0, own.amount - ask.spent * micro)
    const back = Math.min(ask.back * micro, amount)
    amount -= back
    bucket.tokens += back
  }

  let leastRefused = Number.POSITIVE_INFINITY
  const admitted = ask.needs.map((need) => {
    const cost = need.cost * micro
    const count = Math.min(need.count, Math.floor(bucket.tokens / cost))
    bucket.tokens -= count * cost
    if (need.isHeld) amount += count * cost
    if (count < need.count) leastRefused = Math.min(leastRefused, cost)
    return count
  })
  let extra = 0
  let waitMs = 0
  if (leastRefused < Number.POSITIVE_INFINITY) {
    bucket.leases.delete(holder)
    const others = [...bucket.leases.values()]
    const held = others.reduce((sum, lease) => sum + lease.amount, 0)
    const lastExpiry = Math.max(now, ...others.map((lease) => lease.expiry))
    const refillMicros = (leastRefused - bucket.tokens) / rate
    const wait = leastRefused + held > capacity ? Math.max(refillMicros, lastExpiry - now) : refillMicros
    waitMs = Math.max(1, Math.ceil(wait / 1_000))
  } else {
    extra = Math.min(ask.want, Math.floor(bucket.tokens / 4 / micro))
    bucket.tokens -= extra * micro
    amount += extra * micro
  }
  if (amount > 0) bucket.leases.set(holder, { ticket: ask.ticket, amount, expiry: now + leaseMs * 1_000 })
  else bucket.leases.delete(holder)
  const left = Math.floor(bucket.tokens / micro)
  return { isRepeated: false, isLeaseKnown, admitted, leased: extra, left, leaseMs, waitMs }
}

function firstLevel({ policy, outage, ownTokens }: Ask): number {
  if (!outage) return policy.capacity * micro
  const level = Math.floor(ownTokens * micro + outage.foundAgoMs * 1_000 * policy.refillPerSecond)
  return Math.min(policy.capacity * micro, level)
}

function outageWithin({ outage }: Ask, from: number, till: number, now: number): number {
  if (!outage) return 0
  const begin = Math.max(from, now - outage.lostAgoMs * 1_000)
  return Math.max(0, Math.min(till, now - outage.foundAgoMs * 1_000) - begin)
}
