/**
 * What somebody wants of all replicas for a while: a breaker forced, a replica drained, another log level. Each replica
 * hears the wishes with its beat. Each is over by itself: what is forgotten, or cannot be taken back, does not stay.
 */

/** Heard with one beat: everything that is wished for, and for how much longer. */
export interface HeardWish {
  readonly name: string
  readonly value: string
  readonly leftMs: number
}

export interface Wish {
  readonly value: string
  /** Monotonic milliseconds. */
  readonly until: number
}

/** What one replica knows of the wishes. `now`: monotonic milliseconds. */
export class KnownWishes {
  #wishes = new Map<string, Wish>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** What is not among them was taken back, or lost with the store: either way nobody wishes it any more. */
  hear(wishes: readonly HeardWish[]): void {
    const at = this.#now()
    this.#wishes = new Map(wishes.map(({ name, value, leftMs }) => [name, { value, until: at + leftMs }]))
  }

  /** A wish counts until it is over also while nothing is heard. */
  of(name: string): Wish | undefined {
    const wish = this.#wishes.get(name)
    return wish !== undefined && wish.until > this.#now() ? wish : undefined
  }
}
