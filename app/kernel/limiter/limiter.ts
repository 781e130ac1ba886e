/**
 * An exact limit across replicas that seldom asks: a token bucket (Turner, 1986) kept in one place, of which replicas
 * lease parts (Gray and Cheriton, 1989) and spend them by themselves.
 *
 *   take --lease has it--> allowed            no call, no promise
 *        --known refusal--> refused           no call, no promise
 *        --store is away--> local bucket      no call, no promise
 *        --else--> wait for the end of the turn, ask together with all others, decide again
 *
 * docs/limits.md has the proof of the bound and what a loss of the store may add.
 */

import type { Account, Waiter } from './account.ts'
import { Accounts } from './accounts.ts'
import { Courier, type CourierOptions } from './courier.ts'
import { greatest } from './greatest.ts'
import {
  allowed,
  type BucketUse,
  type Hold,
  type Limiter,
  type Policy,
  refused,
  type Verdict,
} from './policy.ts'

export type { Limiter }

export interface LeasedLimiterOptions extends CourierOptions {
  /** Buckets remembered per policy; beyond it the longest unused is returned. */
  readonly maxKeys?: number
}

export interface LimiterStats {
  /** Buckets this replica remembers. */
  readonly buckets: number
  /** Those of them it holds a lease of. */
  readonly leases: number
  /** The store is away: every replica counts for itself. */
  readonly isLocal: boolean
}

export interface LeasedLimiter extends Limiter {
  stats(): LimiterStats
}

const sweepMs = 1_000
const nothing = (): void => {}

export function leasedLimiter(options: LeasedLimiterOptions): LeasedLimiter {
  const { now, after, maxKeys = 50_000 } = options
  const courier = new Courier(options, answer)
  const accounts = new Accounts(maxKeys, giveUp)
  let cancelSweep: (() => void) | undefined

  function take(key: string, policy: Policy, cost: number): Verdict | Promise<Verdict> {
    const account = open(key, policy)
    const tokens = Math.min(cost, policy.capacity)
    const at = now()
    if (account.lease.spend(tokens, at)) return pass(account, tokens, at)
    return decide(account, tokens, at) ?? wait(account, tokens, false).then(verdictOf)
  }

  function hold(key: string, policy: Policy, cost: number): Hold | Promise<Hold> {
    const account = open(key, policy)
    const tokens = Math.min(cost, policy.capacity)
    return holdNow(account, tokens, now()) ?? wait(account, tokens, true)
  }

  function open(key: string, policy: Policy): Account {
    cancelSweep ??= after(sweepMs, sweep)
    return accounts.of(key, policy)
  }

  function pass(account: Account, cost: number, at: number): Verdict {
    if (account.took(cost)) courier.ask(account)
    return allowed(account.policy, account.remaining(courier.replicas, at))
  }

  /** What needs no call and no lease: a refusal that is known, or the local bucket. */
  function decide(account: Account, cost: number, at: number): Verdict | undefined {
    account.lease.lapse(at)
    const deniedMs = account.deniedMs(cost, at)
    if (deniedMs > 0) return refused(account.policy, account.remaining(courier.replicas, at), deniedMs)
    if (!courier.outage.isAway) return undefined
    const local = account.localBucket(courier.replicas, courier.outage)
    const waitMs = local.take(cost, courier.replicas, at)
    const level = local.level(courier.replicas, at)
    return waitMs > 0 ? refused(account.policy, level, waitMs) : allowed(account.policy, level)
  }

  function holdNow(account: Account, cost: number, at: number): Hold | undefined {
    if (account.lease.hold(cost, at)) {
      return { verdict: pass(account, cost, at), settle: settleLater(account, cost) }
    }
    const verdict = decide(account, cost, at)
    if (verdict === undefined) return undefined
    const isLocal = verdict.isAllowed
    const giveBack = (isSpent: boolean) => {
      if (!isSpent) account.localBucket(courier.replicas, courier.outage).giveBack(cost, courier.replicas)
    }
    return { verdict, settle: isLocal ? giveBack : nothing }
  }

  function settleLater(account: Account, cost: number): (isSpent: boolean) => void {
    const { lease } = account
    const { generation } = lease
    return (isSpent) => {
      lease.settleHeld(cost, generation, isSpent)
      // Until it is reported, what was spent keeps the bucket from refilling to the brim: small buckets cannot wait.
      if (lease.spent * 8 > account.policy.capacity) courier.ask(account)
    }
  }

  function wait(account: Account, cost: number, isHeld: boolean): Promise<Hold> {
    return new Promise((resolve) => {
      account.waiters.push({ cost, isHeld, resolve })
      courier.ask(account)
    })
  }

  function answer(account: Account, waiters: readonly Waiter[], admitted: readonly boolean[]): void {
    const at = now()
    for (const [index, waiter] of waiters.entries()) {
      const hold = admitted[index] ? admittedByStore(account, waiter, at) : decideAgain(account, waiter, at)
      if (hold) waiter.resolve(hold)
      else {
        account.waiters.push(waiter)
        courier.ask(account)
      }
    }
  }

  function admittedByStore(account: Account, { cost, isHeld }: Waiter, at: number): Hold {
    account.demand.take(cost)
    if (isHeld) account.lease.held += cost
    const verdict = allowed(account.policy, account.remaining(courier.replicas, at))
    return { verdict, settle: isHeld ? settleLater(account, cost) : nothing }
  }

  function decideAgain(account: Account, { cost, isHeld }: Waiter, at: number): Hold | undefined {
    if (isHeld) return holdNow(account, cost, at)
    const verdict = account.lease.spend(cost, at) ? pass(account, cost, at) : decide(account, cost, at)
    return verdict && { verdict, settle: nothing }
  }

  function giveUp(account: Account): boolean {
    const isBusy = account.asked !== undefined || account.waiters.length > 0 || account.lease.held > 0
    if (!isBusy && account.lease.tokens > 0) returnLease(account)
    return !isBusy
  }

  function returnLease(account: Account): void {
    account.isReturning = true
    courier.ask(account)
  }

  /** Renews the leases in use, returns those that were idle for a while, forgets what is as good as unknown. */
  function sweep(): void {
    const at = now()
    courier.countReplicas()
    for (const account of accounts) {
      account.lease.lapse(at)
      const { isUsed, lease } = account
      account.isUsed = false
      if (lease.tokens > 0 && !isUsed) returnLease(account)
      else if (lease.tokens > 0 && lease.endsAt - at < 1.5 * sweepMs) courier.ask(account)
      else if (!isUsed && account.isForgettable(at, courier.replicas)) accounts.delete(account)
    }
    cancelSweep = accounts.size > 0 && !courier.isClosing ? after(sweepMs, sweep) : undefined
  }

  function busiest(count: number): BucketUse[] {
    const at = now()
    return greatest(accounts, count, ({ demand }) => demand.total).map((account) => ({
      key: account.key,
      policy: account.policy,
      spent: account.demand.total,
      remaining: account.remaining(courier.replicas, at),
    }))
  }

  function stats(): LimiterStats {
    let leases = 0
    for (const { lease } of accounts) if (lease.tokens > 0) leases += 1
    return { buckets: accounts.size, leases, isLocal: courier.outage.isAway }
  }

  async function close(): Promise<void> {
    for (const account of accounts) if (account.lease.tokens > 0) returnLease(account)
    await courier.close()
    cancelSweep?.()
    cancelSweep = nothing
  }

  return { take, hold, busiest, stats, close }
}

const verdictOf = (hold: Hold): Verdict => hold.verdict
