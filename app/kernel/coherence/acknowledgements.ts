/**
 * Who must have heard an invalidation before its writer may answer.
 *
 * Every replica that can hold a lease has sent a beat within the last `leaseMs`. A writer that has been subscribed that
 * long has heard each of those beats by the time its own invalidation comes back, because the channel has one order: it
 * knows exactly whom to wait for. One that joined later, or hears nothing, waits until every lease has run out.
 */

import type { After } from '#kernel/clock.ts'

interface Wait {
  readonly acknowledgedBy: Set<string>
  missing: Set<string> | undefined
  cancelTimer: () => void
  settle: () => void
}

export interface AcknowledgementOptions {
  /** The longest that anybody may trust a copy after the invalidation was published, with a margin. */
  readonly outlastMs: number
  readonly now: () => number
  readonly after: After
}

export class Acknowledgements {
  #subscribedSince: number | undefined
  readonly #heardAt = new Map<string, number>()
  readonly #waits = new Map<number, Wait>()
  readonly #options: AcknowledgementOptions

  constructor(options: AcknowledgementOptions) {
    this.#options = options
  }

  /** Call before publishing; `published` when the publication has returned. */
  expect(invalidation: number): { readonly done: Promise<void>; published(): void; cancel(): void } {
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const wait: Wait = {
      acknowledgedBy: new Set(),
      missing: undefined,
      cancelTimer: () => {},
      settle: () => {
        wait.cancelTimer()
        this.#waits.delete(invalidation)
        resolve()
      },
    }
    this.#waits.set(invalidation, wait)
    return {
      done,
      published: () => {
        if (this.#waits.has(invalidation))
          wait.cancelTimer = this.#options.after(this.#options.outlastMs, wait.settle)
      },
      cancel: wait.settle,
    }
  }

  /** Something of ours came back on the channel: we are subscribed. */
  subscribed(): void {
    this.#subscribedSince ??= this.#options.now()
  }

  unsubscribed(): void {
    this.#subscribedSince = undefined
    this.#heardAt.clear()
  }

  heard(replica: string): void {
    this.#heardAt.set(replica, this.#options.now())
  }

  /** Said goodbye: it serves nothing any more. */
  left(replica: string): void {
    this.#heardAt.delete(replica)
    for (const wait of this.#waits.values()) {
      wait.missing?.delete(replica)
      this.#settleIfComplete(wait)
    }
  }

  /** Our own invalidation came back: from here on we know whom to wait for. */
  returned(invalidation: number): void {
    const wait = this.#waits.get(invalidation)
    const knowsEverybody =
      this.#subscribedSince !== undefined &&
      this.#options.now() - this.#subscribedSince >= this.#options.outlastMs
    if (wait === undefined || !knowsEverybody) return
    wait.missing = new Set()
    for (const [replica, heardAt] of this.#heardAt) {
      if (this.#options.now() - heardAt > this.#options.outlastMs) this.#heardAt.delete(replica)
      else if (!wait.acknowledgedBy.has(replica)) wait.missing.add(replica)
    }
    this.#settleIfComplete(wait)
  }

  acknowledged(replica: string, invalidation: number): void {
    const wait = this.#waits.get(invalidation)
    if (wait === undefined) return
    wait.acknowledgedBy.add(replica)
    wait.missing?.delete(replica)
    this.#settleIfComplete(wait)
  }

  #settleIfComplete(wait: Wait): void {
    if (wait.missing?.size === 0) wait.settle()
  }
}
