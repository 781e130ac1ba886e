/** How large a lease to ask for: what was spent of late, for as long as a lease lasts. */

// Shorter spans would take a burst for a rate, and leave a quarter of the bucket with a replica that is done.
const shortestSpanMs = 500

export class Demand {
  #perMs = 0
  #taken = 0
  #since: number | undefined
  /** All that was taken since the account is remembered. */
  total = 0

  take(cost: number): void {
    this.#taken += cost
    this.total += cost
  }

  /**
   * The lease to ask for at `at`, in tokens. 0 the first time: whoever comes once costs one call and no lease that
   * would have to be returned. From the second time on at least 1/128 of the capacity, which saves the small steps up.
   */
  wanted(at: number, horizonMs: number, capacity: number): number {
    const isFirst = this.#since === undefined
    const perMs = this.#taken / Math.max(shortestSpanMs, at - (this.#since ?? at))
    this.#perMs = Math.max(perMs, (this.#perMs + perMs) / 2)
    this.#taken = 0
    this.#since = at
    return isFirst ? 0 : Math.max(Math.floor(capacity / 128), Math.ceil(this.#perMs * horizonMs))
  }
}
