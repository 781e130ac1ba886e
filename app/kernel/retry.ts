/**
 * Tries again what may be tried again: exponential backoff with full jitter (Brooker, "Exponential Backoff and Jitter",
 * AWS 2015), under a budget that all calls of one kind share (Google SRE book, chapter 21), so that retries never become
 * the load that keeps a dependency down. Only for what has surely not happened, or may happen twice; and at one level: what
 * is called in `work` retries nothing itself.
 */

import type { After } from './clock.ts'

/** A tenth of a try is earned by each call; a retry costs a whole one. */
export class RetryBudget {
  readonly #share: number
  readonly #most: number
  #saved: number

  /** @param most - retries that a quiet time may save up; also what there is at first */
  constructor({ share = 0.1, most = 10 }: { readonly share?: number; readonly most?: number } = {}) {
    this.#share = share
    this.#most = most
    this.#saved = most
  }

  earn(): void {
    this.#saved = Math.min(this.#most, this.#saved + this.#share)
  }

  /** False: there is none left, and the failure stands. */
  spend(): boolean {
    // Ten tenths are a little less than one.
    if (this.#saved < 1 - 1e-9) return false
    this.#saved -= 1
    return true
  }
}

export interface RetryOptions {
  readonly isRetryable: (failure: unknown) => boolean
  readonly budget: RetryBudget
  readonly after: After
  /** In all, the first one too. */
  readonly tries?: number
  readonly baseMs?: number
  readonly longestMs?: number
  readonly random?: () => number
  /** Nobody waits any more: no further try. */
  readonly signal?: AbortSignal | undefined
}

/** Runs `work` until it succeeds, or rejects with its latest failure. */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { isRetryable, budget, after, tries = 3, signal, random = Math.random } = options
  const { baseMs = 20, longestMs = 1_000 } = options
  budget.earn()
  for (let tried = 1; ; tried++) {
    try {
      return await work()
    } catch (failure) {
      if (tried === tries || signal?.aborted || !isRetryable(failure) || !budget.spend()) throw failure
    }
    const longest = Math.min(longestMs, baseMs * 2 ** (tried - 1))
    await new Promise<void>((resolve) => after(random() * longest, resolve))
  }
}
