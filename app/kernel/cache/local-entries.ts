/** The answers one replica holds (L1): least recently used go first, bounded by bytes, not by number. */

import { type Links, Recency, unlinked } from '#kernel/recency.ts'
import { heldBytes } from '#kernel/representation.ts'
import type { Representation } from './cache.ts'
import { Dependents } from './dependents.ts'
import type { KindCounts } from './kind-counts.ts'

export interface NewEntry {
  readonly key: string
  readonly tags: readonly string[]
  readonly value: Representation | undefined
  readonly freshUntil: number
  readonly loadMs: number
  readonly counts: KindCounts
  /** No early or background refresh before this time. */
  refreshAfter: number
}

export interface LocalEntry extends NewEntry, Links<LocalEntry> {}

/** What V8 keeps per entry beside the bytes: key, header objects, map slots. Measured on Node 24: 400 to 600 bytes. */
const ENTRY_OVERHEAD_BYTES = 512

const sizeOf = (entry: NewEntry): number =>
  ENTRY_OVERHEAD_BYTES + entry.key.length * 2 + (entry.value ? heldBytes(entry.value.body) : 0)

export class LocalEntries {
  bytes = 0
  readonly #maxBytes: number
  readonly #entries = new Map<string, LocalEntry>()
  readonly #order = new Recency<LocalEntry>()
  readonly #tagged = new Dependents<LocalEntry>()

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get size(): number {
    return this.#entries.size
  }

  /** Without touching the order: `used` does that, so that hits of one hot key stay cheap. */
  get(key: string): LocalEntry | undefined {
    return this.#entries.get(key)
  }

  used(entry: LocalEntry): void {
    this.#order.touch(entry)
  }

  put(made: NewEntry): void {
    this.#remove(this.#entries.get(made.key))
    const entry = { ...made, ...unlinked }
    this.#entries.set(entry.key, entry)
    this.#order.add(entry)
    this.#tagged.add(entry.tags, entry)
    this.#count(entry, 1)
    for (let old = this.#order.oldest; old && this.bytes > this.#maxBytes; old = this.#order.oldest) {
      this.#remove(old)
    }
  }

  /** Removes the entry of this key and all that carry it as a tag. */
  invalidate(name: string): void {
    this.#remove(this.#entries.get(name))
    for (const entry of this.#tagged.of(name)) this.#remove(entry)
  }

  clear(): void {
    for (const entry of this.#entries.values()) this.#remove(entry)
  }

  #remove(entry: LocalEntry | undefined): void {
    if (entry === undefined) return
    this.#entries.delete(entry.key)
    this.#order.remove(entry)
    this.#tagged.remove(entry.tags, entry)
    this.#count(entry, -1)
  }

  #count(entry: LocalEntry, sign: 1 | -1): void {
    const bytes = sign * sizeOf(entry)
    this.bytes += bytes
    entry.counts.bytes += bytes
    entry.counts.entries += sign
  }
}
