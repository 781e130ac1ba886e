/**
 * A lease: a part of a bucket that one replica may spend by itself until a deadline, after which the store takes it as
 * spent (leases after Gray and Cheriton, 1989). The replica's deadline comes first: it counts from when it asked, on a
 * monotonic clock, and is a tenth shorter. At all times tokens + held + spent is no more than the store's account of it.
 */
export class Lease {
  /** Ticket of the ask it was last settled by, 0 when there is none. */
  base = 0
  tokens = 0
  /** Spent since that settlement. */
  spent = 0
  /** Taken for a request that is not decided yet. */
  held = 0
  endsAt = Number.NEGATIVE_INFINITY
  /** Grows whenever what was held loses its lease. */
  generation = 0

  spend(cost: number, at: number): boolean {
    if (this.tokens < cost || at >= this.endsAt) return false
    this.tokens -= cost
    this.spent += cost
    return true
  }

  hold(cost: number, at: number): boolean {
    if (this.tokens < cost || at >= this.endsAt) return false
    this.tokens -= cost
    this.held += cost
    return true
  }

  /** Ends what was held: it counts as spent, or can be spent again. */
  settleHeld(cost: number, generation: number, isSpent: boolean): void {
    if (generation !== this.generation) return
    this.held -= cost
    if (isSpent) this.spent += cost
    else this.tokens += cost
  }

  /** Past the deadline what is left counts as spent. */
  lapse(at: number): void {
    if (at < this.endsAt) return
    this.spent += this.tokens
    this.tokens = 0
  }

  /** The store has settled: `kept` is false when it knows nothing of what was left. */
  renew(ticket: number, kept: boolean, granted: number, endsAt: number): void {
    if (!kept) this.void()
    this.base = ticket
    this.tokens += granted
    this.endsAt = endsAt
  }

  /** Nobody knows whether the store has settled: what is left may be spent until the old deadline, no longer. */
  orphan(): void {
    this.base = 0
  }

  private void(): void {
    this.tokens = 0
    this.spent = 0
    if (this.held > 0) this.generation++
    this.held = 0
  }
}
