/** So many at once, the others in the order they came; who gives up waiting is not served. */

interface Waiting {
  readonly proceed: () => void
}

export class Permits {
  #free: number
  readonly #waiting = new Set<Waiting>()

  constructor(count: number) {
    this.#free = count
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** True: one is taken, and `release` is owed. The common case: nothing to wait for. */
  tryTake(): boolean {
    if (this.#free === 0) return false
    this.#free -= 1
    return true
  }

  /** Resolves with one taken. Rejects with the signal's reason when it aborts before that. */
  take(signal?: AbortSignal): Promise<void> {
    if (this.tryTake()) return Promise.resolve()
    if (signal?.aborted) return Promise.reject(signal.reason)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = (): void => {
      this.#waiting.delete(waiting)
      reject(signal?.reason)
    }
    const waiting = {
      proceed: () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      },
    }
    this.#waiting.add(waiting)
    signal?.addEventListener('abort', giveUp, { once: true })
    return promise
  }

  release(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#free += 1
      return
    }
    this.#waiting.delete(next)
    next.proceed()
  }
}
