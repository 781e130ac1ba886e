/** The accounts of one replica, bounded: the longest unused goes first, and second chances are given (clock algorithm). */

import { Recency } from '#kernel/recency.ts'
import { Account } from './account.ts'
import type { Policy } from './policy.ts'

// How many are looked at for one that can go. All of them busy means that more are in use than may be kept.
const looks = 16

/** The accounts of one policy, and who goes first. */
interface Kept {
  readonly byKey: Map<string, Account>
  readonly order: Recency<Account>
}

export class Accounts {
  readonly #byPolicy = new Map<string, Kept>()
  readonly #maxPerPolicy: number
  readonly #evict: (account: Account) => boolean
  #size = 0

  /** `evict` returns what the account holds and says whether it may go. */
  constructor(maxPerPolicy: number, evict: (account: Account) => boolean) {
    this.#maxPerPolicy = maxPerPolicy
    this.#evict = evict
  }

  get size(): number {
    return this.#size
  }

  of(key: string, policy: Policy): Account {
    const account = this.#byPolicy.get(policy.name)?.byKey.get(key)
    if (account === undefined) return this.#open(key, policy)
    account.policy = policy
    account.isUsed = true
    return account
  }

  delete(account: Account): void {
    const kept = this.#byPolicy.get(account.policy.name)
    if (kept?.byKey.get(account.key) !== account) return
    kept.byKey.delete(account.key)
    kept.order.remove(account)
    this.#size--
  }

  *[Symbol.iterator](): Iterator<Account> {
    for (const { byKey } of this.#byPolicy.values()) yield* byKey.values()
  }

  #open(key: string, policy: Policy): Account {
    let kept = this.#byPolicy.get(policy.name)
    if (kept === undefined) {
      kept = { byKey: new Map(), order: new Recency() }
      this.#byPolicy.set(policy.name, kept)
    }
    if (kept.byKey.size >= this.#maxPerPolicy) this.#makeRoom(kept)
    const account = new Account(key, policy)
    kept.byKey.set(key, account)
    kept.order.add(account)
    this.#size++
    return account
  }

  #makeRoom({ order }: Kept): void {
    for (let looked = 0; looked < looks; looked += 1) {
      const account = order.oldest
      if (account === undefined) return
      if (!account.isUsed && this.#evict(account)) {
        this.delete(account)
        return
      }
      account.isUsed = false
      order.touch(account)
    }
  }
}
