/** Fills the cache at start with what is read most, a few at a time and not longer than a start may take. */

import { type Coherence, EVERYTHING } from '#kernel/coherence/coherence.ts'
import type { Defer } from '#kernel/turn.ts'
import type { Cache, Load, ThroughOptions } from './cache.ts'

export interface Warming {
  readonly key: string
  readonly load: Load
  readonly options?: ThroughOptions
}

export interface WarmLimits {
  readonly atOnce: number
  /** No load begins after this time. */
  readonly forMs: number
  readonly now: () => number
}

/** Returns how many were read. A load that fails is left to the first reader. */
export async function warm(
  cache: Cache,
  entries: Iterable<Warming>,
  { atOnce, forMs, now }: WarmLimits,
): Promise<number> {
  const endsAt = now() + forMs
  const remaining = entries[Symbol.iterator]()
  let read = 0
  const readOn = async (): Promise<void> => {
    while (now() < endsAt) {
      const { value, done } = remaining.next()
      if (done) return
      try {
        await cache.through(value.key, value.load, value.options)
        read += 1
      } catch {}
    }
  }
  await Promise.all(Array.from({ length: atOnce }, readOn))
  return read
}

/** Begins once, when this replica may first trust what it keeps: what is read before that is not kept by anyone. */
export function onceTrusted(coherence: Coherence, defer: Defer, begin: () => void): void {
  let hasBegun = false
  const beginIfTrusted = (): void => {
    if (hasBegun || !coherence.isTrusted()) return
    hasBegun = true
    begin()
  }
  coherence.onInvalidate((names) => {
    // Everything is voided just before trust begins.
    if (!hasBegun && names.includes(EVERYTHING)) defer(beginIfTrusted)
  })
}
