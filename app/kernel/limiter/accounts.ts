/** The accounts of one replica, bounded: the longest unused goes first, and second chances are given (clock algorithm). */

import { Account } from './account.ts'
import type { Policy } from './policy.ts'

// How many are looked at for one that can go. All of them busy means that more are in use than may be kept.
const looks = 16

export class Accounts {
  readonly #byPolicy = new Map<string, Map<string, Account>>()
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
    const account = this.#byPolicy.get(policy.name)?.get(key)
    if (account === undefined) return this.#open(key, policy)
    account.policy = policy
    account.isUsed = true
    return account
  }

  delete(account: Account): void {
    if (this.#byPolicy.get(account.policy.name)?.delete(account.key)) this.#size--
  }

  *[Symbol.iterator](): Iterator<Account> {
    for (const accounts of this.#byPolicy.values()) yield* accounts.values()
  }

  #open(key: string, policy: Policy): Account {
    let accounts = this.#byPolicy.get(policy.name)
    if (accounts === undefined) {
      accounts = new Map()
      this.#byPolicy.set(policy.name, accounts)
    }
    if (accounts.size >= this.#maxPerPolicy) this.#makeRoom(accounts)
    const account = new Account(key, policy)
    accounts.set(key, account)
    this.#size++
    return account
  }

  #makeRoom(accounts: Map<string, Account>): void {
    let looked = 0
    for (const account of accounts.values()) {
      if (++looked > looks) break
      if (!account.isUsed && this.#evict(account)) {
        this.delete(account)
        break
      }
      account.isUsed = false
      accounts.delete(account.key)
      accounts.set(account.key, account)
    }
  }
}
