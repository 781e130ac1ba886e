/** What happened to the reads of one kind of key. */

import { type KindStats, kindOf } from './cache.ts'

export type KindCounts = KindStats

export class CountsByKind {
  readonly #byKind = new Map<string, KindCounts>()

  of(key: string): KindCounts {
    const kind = kindOf(key)
    const known = this.#byKind.get(kind)
    if (known !== undefined) return known
    const counts = { hit: 0, miss: 0, stale: 0, coalesced: 0, entries: 0, bytes: 0 }
    this.#byKind.set(kind, counts)
    return counts
  }

  snapshot(): Record<string, KindStats> {
    return Object.fromEntries([...this.#byKind].map(([kind, counts]) => [kind, { ...counts }]))
  }
}
