/** Carries what the accounts owe and want to the store: all of one turn of the event loop in one call. */

import type { After } from '#kernel/clock.ts'
import { type Defer, perTurn } from '#kernel/turn.ts'
import type { Account, Trip, Waiter } from './account.ts'
import type { Ask, BucketStore, Grant } from './bucket-store.ts'
import { Outage } from './outage.ts'

export interface CourierOptions {
  readonly store: BucketStore
  /** Names this process to the store: unique to it, also among its own restarts. */
  readonly holder: string
  readonly now: () => number
  readonly defer: Defer
  readonly after: After
  /** Replicas alive, as last known: local buckets are shares of the limit by it. */
  readonly liveReplicas: () => number
}

/** Hears who of those who waited was admitted by the store. The others are to be decided by what the account says now. */
type Settled = (account: Account, waiters: readonly Waiter[], admitted: readonly boolean[]) => void

// What one lease should last for: within its 4.5 s, with time for the next one.
const horizonMs = 4_000
const retryMs = 250
// One call of the store at a time should not keep it long from the other replicas.
const asksPerCall = 512

export class Courier {
  readonly #options: CourierOptions
  readonly #settled: Settled
  readonly #post: (account: Account) => void
  /** Accounts with an ask that is due or under way, and the calls that carry them. */
  readonly #busy = new Set<Account>()
  readonly #calls = new Set<Promise<void>>()
  readonly outage: Outage
  #ticket = 0
  #cancelProbe = () => {}
  replicas = 1
  isClosing = false

  constructor(options: CourierOptions, settled: Settled) {
    this.#options = options
    this.#settled = settled
    this.#post = perTurn(options.defer, (accounts) => this.#send(accounts))
    this.outage = new Outage(retryMs)
    this.countReplicas()
    options.store.onLoss(() => this.#lose())
  }

  countReplicas(): void {
    this.replicas = Math.max(1, this.#options.liveReplicas())
  }

  ask(account: Account): void {
    if (account.isDue || account.asked || this.outage.isAway) return
    account.isDue = true
    this.#busy.add(account)
    this.#post(account)
  }

  /** Resolves once nothing is due and no call under way. No probe outlives it. */
  async close(): Promise<void> {
    this.isClosing = true
    while (this.#busy.size > 0) {
      await new Promise<void>((resolve) => this.#options.defer(resolve))
      await Promise.all(this.#calls)
    }
    this.#cancelProbe()
  }

  #send(accounts: readonly Account[]): void {
    this.countReplicas()
    const due = accounts.filter((account) => account.isDue)
    for (let from = 0; from < due.length; from += asksPerCall) {
      const call = this.#call(due.slice(from, from + asksPerCall))
      this.#calls.add(call)
      call.then(() => this.#calls.delete(call))
    }
  }

  async #call(accounts: readonly Account[]): Promise<void> {
    const { store, holder, now } = this.#options
    const sentAt = now()
    const trips = accounts.map((account) => {
      account.isDue = false
      if (this.isClosing) account.isReturning = true
      return { account, trip: account.ask(++this.#ticket, sentAt, horizonMs, this.replicas, this.outage) }
    })
    // An answer that comes after the store was given up finds nobody: its asks are not under way any more.
    const isAwaited = () => trips.some(({ account, trip }) => account.asked === trip)
    try {
      const asks = trips.map(({ trip }) => trip.ask)
      const grants = await store.settle(holder, asks)
      if (!isAwaited()) return
      this.outage.found(sentAt, now())
      for (const [index, { account, trip }] of trips.entries()) {
        const grant = grants[index]
        if (grant === undefined) throw new RangeError('fewer grants than asks')
        this.#settle(account, trip, grant, sentAt)
      }
    } catch {
      if (isAwaited()) this.#lose()
    }
  }

  #settle(account: Account, { ask, waiters }: Trip, grant: Grant, sentAt: number): void {
    this.#busy.delete(account)
    if (grant.isRepeated) {
      this.#settled(account, account.abandon(), [])
      return
    }
    account.settle(ask, grant, sentAt, this.#options.now())
    if (this.isClosing && account.lease.tokens > 0) this.ask(account)
    const queued = account.waiters
    account.waiters = []
    this.#settled(account, waiters, admittedEach(ask, grant))
    this.#settled(account, queued, [])
  }

  #lose(): void {
    if (this.outage.isAway) return
    this.outage.lost(this.#options.now())
    const lost = [...this.#busy]
    this.#busy.clear()
    for (const account of lost) {
      account.isDue = false
      this.#settled(account, account.abandon(), [])
    }
    if (!this.isClosing) this.#probeLater()
  }

  #probeLater(): void {
    this.#cancelProbe = this.#options.after(retryMs, () => {
      const sentAt = this.#options.now()
      this.#options.store.settle(this.#options.holder, []).then(
        () => this.outage.found(sentAt, this.#options.now()),
        () => this.isClosing || this.#probeLater(),
      )
    })
  }
}

const admittedEach = ({ needs }: Ask, { admitted }: Grant): readonly boolean[] =>
  needs.flatMap(({ count }, need) =>
    Array.from({ length: count }, (_, index) => index < (admitted[need] ?? 0)),
  )
