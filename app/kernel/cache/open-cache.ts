/** Two levels, kept true by `Coherence`: serialised answers in this process, then in the shared store, then a load. */

import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import type { Cache, CacheOptions, CacheRead, Load, ThroughOptions } from './cache.ts'
import { coherentWrite } from './coherent-write.ts'
import { EARLY_LOADS, isDueEarly } from './freshness.ts'
import { CountsByKind } from './kind-counts.ts'
import { LocalEntries, type LocalEntry } from './local-entries.ts'
import { sharedReads } from './shared-reads.ts'

const seconds = (ms: number): number => Math.ceil(ms / 1000)

export function openCache(options: CacheOptions): Cache {
  const { coherence, now, random = Math.random, staleForMs = 60_000, around } = options
  const local = new LocalEntries(options.maxLocalBytes ?? 64 * 1024 * 1024)
  const counts = new CountsByKind()
  const reads = sharedReads({ ...options, local, counts, random, staleForMs })

  coherence.onInvalidate((names) => {
    for (const name of names) {
      reads.invalidate(name)
      if (name === EVERYTHING) local.clear()
      else local.invalidate(name)
    }
  })

  function served(entry: LocalEntry, load: Load, through: ThroughOptions): CacheRead | undefined {
    const time = now()
    const freshForMs = entry.freshUntil - time
    if (freshForMs <= -staleForMs) return undefined
    const isFresh = freshForMs > 0
    local.used(entry)
    if (
      !isFresh ||
      (freshForMs < entry.loadMs * EARLY_LOADS && isDueEarly(freshForMs, entry.loadMs, random))
    ) {
      if (time >= entry.refreshAfter) reads.refresh(entry, load, through)
    }
    const status = isFresh ? 'hit' : 'stale'
    entry.counts[status] += 1
    return { value: entry.value, status, detail: 'l1', ttlSeconds: seconds(freshForMs) }
  }

  return {
    through(key, load, through = {}, waiter) {
      const entry = local.get(key)
      if (entry !== undefined && coherence.isTrusted()) {
        const read = served(entry, load, through)
        if (read !== undefined) return read
      }
      const signal = waiter?.workSignal()
      if (around === undefined) return reads.read(key, load, through, signal)
      return around(key, () => reads.read(key, load, through, signal))
    },
    write: coherentWrite(coherence),
    async clear() {
      const held = local.size
      await coherence.invalidate([EVERYTHING])
      return held
    },
    stats: () => counts.snapshot(),
  }
}
