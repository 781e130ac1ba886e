/** The cache as its users see it, and the shared store it stands on. The design and its bound: docs/cache.md. */

import type { After } from '#kernel/clock.ts'
import type { Coherence } from '#kernel/coherence/coherence.ts'
import type { Waiter } from '#kernel/deadline.ts'
import type { Representation } from '#kernel/representation.ts'

export type { Representation }

export interface CacheRead {
  /** `undefined`: known not to exist. */
  readonly value: Representation | undefined
  /** `stale`: past its time to live, never past an invalidation that reached us. */
  readonly status: 'hit' | 'miss' | 'stale'
  readonly detail: 'l1' | 'l2' | 'postgres'
  /** What is left of the time to live; negative when stale. */
  readonly ttlSeconds: number
}

export type Load = (signal?: AbortSignal) => Promise<Representation | undefined>

export interface ThroughOptions {
  /** Names that change this answer besides its own key: `items` for a list of items, `user:7` for an embedded owner. */
  readonly tags?: readonly string[]
  readonly ttlMs?: number
  /**
   * `from-the-second-time`: of what most ask for once, such as a page far down a list, the first answer is neither looked for
   * in the shared store nor kept.
   */
  readonly keep?: 'from-the-second-time' | undefined
}

export interface KindStats {
  hit: number
  miss: number
  stale: number
  /** Reads that shared another's load. */
  coalesced: number
  /** Held by this replica. */
  entries: number
  bytes: number
}

/** Keys are `kind:id` or `kind?canonical-query`. */
export interface Cache {
  /**
   * The cached answer, or the one `load` brings. A plain value on a local hit, a promise otherwise.
   * The load is cancelled when the last `waiter` for it has left.
   * Rejects with what `load` rejects with, except that an unavailable dependency is bridged with a stale answer where there is one.
   */
  through(key: string, load: Load, options?: ThroughOptions, waiter?: Waiter): CacheRead | Promise<CacheRead>
  /**
   * Runs a write; when it settles, no replica can serve what the keys (and tags) held before.
   * `keysAfter`: those that are known from the result only.
   */
  write<T>(
    keys: readonly string[],
    work: () => Promise<T>,
    keysAfter?: (result: T) => readonly string[],
  ): Promise<T>
  /** Voids every answer of ours in every replica and in Redis. Returns how many this replica held. */
  clear(): Promise<number>
  stats(): Record<string, KindStats>
}

/** An answer in the shared store, with times relative to now. */
export interface StoredRead {
  readonly value: Representation | undefined
  /** Negative once past its time to live. */
  readonly freshForMs: number
  /** What loading it took. */
  readonly loadMs: number
}

/** The right to load and store an answer. Any invalidation of the key or a tag voids it. */
export interface Claim {
  readonly token: string
  /** Versions of the tags when the claim was granted. */
  readonly guard: string
}

export interface Fill {
  readonly value: Representation | undefined
  readonly ttlMs: number
  /** How long it stays readable past its time to live. */
  readonly keepMs: number
  readonly loadMs: number
}

/** The store shared by all replicas (L2). Every call may reject; none may hang. */
export interface CacheStore {
  read(key: string, tags: readonly string[]): Promise<StoredRead | undefined>
  /**
   * What is stored, if it is fresh for at least `freshForMs` (below zero: past its time for no longer); else the right to
   * load it. `held`: another replica is loading it. `written`: a write is under way, nobody may store it.
   */
  readOrClaim(
    key: string,
    tags: readonly string[],
    freshForMs: number,
  ): Promise<StoredRead | Claim | 'held' | 'written'>
  /** For the day the source is away: also what a write put aside of which nobody knows whether it happened. */
  lastKnown(key: string, tags: readonly string[]): Promise<StoredRead | undefined>
  /** Stores, unless the claim is void or over. */
  fill(key: string, tags: readonly string[], claim: Claim, fill: Fill): Promise<boolean>
  /** Gives a claim back unused. */
  abandon(key: string, claim: Claim): Promise<void>
}

export interface CacheOptions {
  readonly store: CacheStore
  readonly coherence: Coherence
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly after: After
  readonly random?: () => number
  readonly ttlMs?: number
  /** Time to live of "does not exist". */
  readonly negativeTtlMs?: number
  /** How long past its time to live an answer is served while it is refreshed. */
  readonly staleForMs?: number
  /** How long past its time to live an answer is kept for the day its source is away. */
  readonly keepMs?: number
  readonly maxLocalBytes?: number
  /** Round each read that this process cannot answer from its memory: to watch it. */
  readonly around?: ((key: string, read: () => Promise<CacheRead>) => Promise<CacheRead>) | undefined
  /** Longest wait for another replica that loads the same key. */
  readonly waitForOthersMs?: number
}

/** `item` of `item:7`, `items` of `items?limit=20`. */
export function kindOf(key: string): string {
  const end = key.search(/[:?]/)
  return end === -1 ? key : key.slice(0, end)
}
