/**
 * Remembers that the store is away, so that one request waits for its timeout and not every one.
 *
 *   reachable --a call fails, or the connection is lost--> away --a probe, every retryMs, succeeds--> reachable
 */
const longestMs = 1e12

export class Outage {
  readonly #retryMs: number
  /** Before the first contact nobody knows how long the store has been away: for ever, to be safe. */
  #contactAt = Number.NEGATIVE_INFINITY
  #last: { readonly lostAt: number; foundAt: number } | undefined
  #noticedAt = 0
  isAway = false

  constructor(retryMs: number) {
    this.#retryMs = retryMs
  }

  /** A call that was sent at `sentAt` has succeeded at `at`. */
  found(sentAt: number, at: number): void {
    this.#contactAt = Math.max(this.#contactAt, sentAt)
    if (!this.isAway || !this.#last) return
    this.isAway = false
    this.#last.foundAt = at
  }

  /** The store may have been away since the last call that succeeded. */
  lost(at: number): void {
    this.isAway = true
    this.#noticedAt = at
    this.#last = { lostAt: this.#contactAt, foundAt: at }
  }

  /**
   * Replicas find the store again up to one retry apart. A local bucket starts refilling that much late, so that the
   * shared bucket's refill in the meantime is not given twice.
   */
  get localRefillFrom(): number {
    return this.#noticedAt + this.#retryMs
  }

  /** What the store needs to leave the outage out of its refill. */
  ages(at: number): { readonly lostAgoMs: number; readonly foundAgoMs: number } | undefined {
    if (!this.#last) return undefined
    return {
      lostAgoMs: Math.min(longestMs, Math.ceil(at - this.#last.lostAt)),
      foundAgoMs: Math.max(0, Math.floor(at - this.#last.foundAt)),
    }
  }
}
