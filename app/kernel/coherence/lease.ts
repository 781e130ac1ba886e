/**
 * The lease of trust: a replica believes its local copies until a little after the last moment it was provably in touch.
 *
 * It publishes a beat at `sentAt` on the channel that carries the invalidations. The channel has one order, so when the
 * beat comes back, every invalidation before it has come too: the copies were true at `sentAt`, and are trusted until
 * `sentAt + trustMs`. An invalidation that has not arrived is younger than that beat, so a writer who waits as long
 * after publishing outwaits everybody who did not hear it.
 *
 *   lost ──own beat returns, what was missed is made good──▶ trusted ──no beat returns for trustMs, or channel lost──▶ lost
 */

export interface LeaseOptions {
  readonly trustMs: number
  readonly now: () => number
  /** Makes good what may have been missed; trust starts when it settles and is not given when it rejects. */
  readonly recover: () => Promise<void>
  /** Called before trust starts again: copies from before are void. */
  readonly regained: () => void
}

export class Lease {
  #trustedUntil = Number.NEGATIVE_INFINITY
  #provenAt = Number.NEGATIVE_INFINITY
  #beats = 0
  #losses = 0
  #isRecovering = false
  readonly #sentAt = new Map<number, number>()
  readonly #options: LeaseOptions

  constructor(options: LeaseOptions) {
    this.#options = options
  }

  isTrusted(): boolean {
    return this.#options.now() < this.#trustedUntil
  }

  /** Notes the time of a beat that is about to be sent; returns its number. */
  beat(): number {
    this.#beats += 1
    this.#sentAt.set(this.#beats, this.#options.now())
    return this.#beats
  }

  /** A beat of ours has come back. */
  returned(beat: number): void {
    const sentAt = this.#sentAt.get(beat)
    if (sentAt === undefined) return
    for (const earlier of this.#sentAt.keys()) if (earlier <= beat) this.#sentAt.delete(earlier)
    this.#provenAt = sentAt
    if (this.isTrusted()) this.#trustedUntil = sentAt + this.#options.trustMs
    else void this.#regain()
  }

  /** The channel broke: beats under way prove nothing any more. */
  lose(): void {
    this.#losses += 1
    this.#sentAt.clear()
    this.#trustedUntil = Number.NEGATIVE_INFINITY
  }

  async #regain(): Promise<void> {
    if (this.#isRecovering) return
    this.#isRecovering = true
    const losses = this.#losses
    try {
      await this.#options.recover()
      if (losses !== this.#losses) return
      this.#options.regained()
      this.#trustedUntil = this.#provenAt + this.#options.trustMs
    } catch {
      // The next beat that returns tries again.
    } finally {
      this.#isRecovering = false
    }
  }
}
