/** redis/scripts/sliding-window.lua, step by step, for the contract tests and for models. */

import type { Ask, Grant } from '#kernel/limiter/bucket-store.ts'
import { type Lease, repeated } from './memory-token-bucket.ts'

/** Whole tokens and microseconds. */
export interface WindowState {
  window: number
  current: number
  previous: number
  at: number
  leases: Map<string, Lease>
}

export function settleSlidingWindow(
  windows: Map<string, WindowState>,
  key: string,
  holder: string,
  ask: Ask,
  now: number,
  longestLeaseMs: number,
): Grant {
  const { capacity, windowSeconds } = ask.policy
  const length = windowSeconds * 1_000_000
  const window = Math.floor(now / length)
  const passed = now - window * length
  const known = windows.get(key)
  const stored = known?.leases.get(holder)
  const own = stored && stored.expiry > now ? stored : undefined
  if (own && own.ticket >= ask.ticket) return repeated

  const used = usedBeforeOutage(ask, known, now, length)
  const state = known ?? { window, current: 0, previous: 0, at: now, leases: new Map() }
  windows.set(key, state)
  if (state.window < window) {
    state.previous = state.window === window - 1 ? state.current : 0
    state.current = 0
  }
  state.current = Math.max(state.current, Math.min(capacity, used))
  state.window = window
  state.at = now

  const isLeaseKnown = own?.ticket === ask.base
  let amount = 0
  if (own && isLeaseKnown) {
    amount = Math.max(0, own.amount - ask.spent)
    const back = Math.min(ask.back, amount)
    amount -= back
    state.current = Math.max(0, state.current - back)
  }

  const left = () =>
    Math.max(0, Math.floor(capacity - state.current - state.previous * (1 - passed / length)))
  const leaseMs = Math.min(longestLeaseMs, Math.floor((length - passed) / 1_000))
  let leastRefused = Number.POSITIVE_INFINITY
  const admitted = ask.needs.map((need) => {
    const count = Math.min(need.count, Math.floor(left() / need.cost))
    state.current += count * need.cost
    if (need.isHeld) amount += count * need.cost
    if (count < need.count) leastRefused = Math.min(leastRefused, need.cost)
    return count
  })
  let extra = 0
  let waitMs = 0
  if (leastRefused < Number.POSITIVE_INFINITY) {
    const isWithinThis = leastRefused <= capacity - state.current
    const wait = isWithinThis
      ? length * (1 - (capacity - state.current - leastRefused) / state.previous) - passed
      : length - passed + length * Math.max(0, 1 - (capacity - leastRefused) / state.current)
    waitMs = Math.max(1, Math.ceil(wait / 1_000))
  } else {
    extra = Math.min(ask.want, Math.floor(left() / 4))
    state.current += extra
    amount += extra
  }
  if (amount > 0) state.leases.set(holder, { ticket: ask.ticket, amount, expiry: now + leaseMs * 1_000 })
  else state.leases.delete(holder)
  return { isRepeated: false, isLeaseKnown, admitted, leased: extra, left: left(), leaseMs, waitMs }
}

function usedBeforeOutage(
  { outage, policy, ownTokens }: Ask,
  state: WindowState | undefined,
  now: number,
  length: number,
): number {
  if (!outage || (state && state.at >= now - outage.foundAgoMs * 1_000)) return 0
  let used = policy.capacity - ownTokens
  if (state) {
    const lost = Math.max(state.at, now - outage.lostAgoMs * 1_000)
    const gone = Math.floor(lost / length) - state.window
    const share = 1 - (lost % length) / length
    used = gone === 0 ? Math.ceil(state.previous * share + state.current) : 0
    if (gone === 1) used = Math.ceil(state.current * share)
  }
  return Math.max(0, Math.ceil(used - (outage.foundAgoMs * 1_000 * policy.refillPerSecond) / 1_000_000))
}
