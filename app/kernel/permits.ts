/** So many at once, the others in the order they came; who gives up waiting is not served. */

import { type Links, Recency, unlinked } from '#kernel/recency.ts'

interface Waiting extends Links<Waiting> {
  readonly proceed: () => void
}

export class Permits {
  #free: number
  #waiting = 0
  readonly #queue = new Recency<Waiting>()

  constructor(count: number) {
    this.#free = count
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#waiting
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
      this.#leave(waiting)
      reject(signal?.reason)
    }
    const waiting: Waiting = {
      ...unlinked,
      proceed: () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      },
    }
    this.#queue.add(waiting)
    this.#waiting += 1
    signal?.addEventListener('abort', giveUp, { once: true })
    return promise
  }

  release(): void {
    const next = this.#queue.oldest
    if (next === undefined) {
      this.#free += 1
      return
    }
    this.#leave(next)
    next.proceed()
  }

  #leave(waiting: Waiting): void {
    this.#queue.remove(waiting)
    this.#waiting -= 1
  }
}
