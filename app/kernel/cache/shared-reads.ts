/** A read that this replica cannot answer by itself: one at a time per key, from the shared store or by loading. */

import { AppError } from '#kernel/errors.ts'
import { SingleFlight } from '#kernel/single-flight.ts'
import { AskedBefore } from './asked-before.ts'
import type {
  CacheOptions,
  CacheRead,
  Claim,
  Load,
  Representation,
  StoredRead,
  ThroughOptions,
} from './cache.ts'
import { jittered } from './freshness.ts'
import type { CountsByKind } from './kind-counts.ts'
import type { LocalEntries, LocalEntry } from './local-entries.ts'
import { ReadWatches, type Watch } from './read-watch.ts'

interface Options extends CacheOptions {
  readonly local: LocalEntries
  readonly counts: CountsByKind
  readonly random: () => number
  readonly staleForMs: number
}

/** One read under way. */
interface Read {
  readonly key: string
  readonly tags: readonly string[]
  readonly load: Load
  readonly ttlMs: number
  readonly isKept: boolean
  readonly watch: Watch
}

const NO_TAGS: readonly string[] = []
const FIRST_POLL_MS = 5
/** Of keys that are kept from the second time on: about 2 MB. */
const REMEMBERED_KEYS = 10_000
/** Pause between two attempts to refresh one entry: another replica may hold the claim. */
const REFRESH_PAUSE_MS = 1_000

type Refused = 'held' | 'written'

const isStored = (found: StoredRead | Claim | Refused): found is StoredRead =>
  typeof found === 'object' && 'freshForMs' in found

const isUnavailable = (failure: unknown): boolean =>
  failure instanceof AppError && failure.code === 'dependency_unavailable'

export function sharedReads(options: Options) {
  const { store, coherence, local, counts, now, after, random, staleForMs } = options
  const { ttlMs: defaultTtlMs = 60_000, negativeTtlMs = 10_000, keepMs = 3_600_000 } = options
  const { waitForOthersMs = 250 } = options
  const flights = new SingleFlight<CacheRead>()
  const watches = new ReadWatches()
  const refreshing = new Set<string>()
  const askedBefore = new AskedBefore(REMEMBERED_KEYS)

  const answer = (
    value: Representation | undefined,
    status: CacheRead['status'],
    detail: CacheRead['detail'],
    freshForMs: number,
  ): CacheRead => ({ value, status, detail, ttlSeconds: Math.ceil(freshForMs / 1000) })

  /** Nothing that was read before an invalidation of its names becomes a local copy. */
  function keep(read: Read, { value, freshForMs, loadMs }: StoredRead): void {
    if (read.watch.isVoid) return
    const { key, tags } = read
    const freshUntil = now() + freshForMs
    local.put({ key, tags, value, freshUntil, loadMs, counts: counts.of(key), refreshAfter: 0 })
  }

  /** Stored by a replica whose clock was ahead of ours, it would seem fresh for as much longer. */
  const timely = <T extends StoredRead | undefined>(read: Read, found: T): T =>
    found && { ...found, freshForMs: Math.min(found.freshForMs, read.ttlMs) }

  const stored = async (read: Read, how: 'read' | 'lastKnown' = 'read'): Promise<StoredRead | undefined> =>
    timely(read, await store[how](read.key, read.tags).catch(() => undefined))

  const storedOrClaimed = async (read: Read, freshForMs: number): Promise<StoredRead | Claim | Refused> => {
    const found = await store.readOrClaim(read.key, read.tags, freshForMs)
    return isStored(found) ? timely(read, found) : found
  }

  const pause = (ms: number): Promise<void> => new Promise((resolve) => void after(ms, resolve))

  /** Another replica is loading it: look again, less and less often, until it is there or our patience ends. */
  async function fromOthers(read: Read): Promise<StoredRead | undefined> {
    let pauseMs = FIRST_POLL_MS
    for (let waitedMs = 0; waitedMs < waitForOthersMs; pauseMs *= 2) {
      await pause(pauseMs)
      waitedMs += pauseMs
      const found = await stored(read)
      if (found !== undefined && found.freshForMs > 0) return found
    }
    return undefined
  }

  async function loadAndFill(
    read: Read,
    claim: Claim | undefined,
    signal?: AbortSignal,
  ): Promise<StoredRead> {
    const startedAt = now()
    try {
      const value = await read.load(signal)
      const loadMs = now() - startedAt
      const ttlMs = jittered(value === undefined ? Math.min(negativeTtlMs, read.ttlMs) : read.ttlMs, random)
      const loaded = { value, freshForMs: ttlMs, loadMs }
      if (claim !== undefined) void fill(read, claim, loaded)
      return loaded
    } catch (failure) {
      if (claim !== undefined) store.abandon(read.key, claim).catch(() => {})
      throw failure
    }
  }

  /** The reader does not wait for this: the watch stays open instead, until the store has decided. */
  async function fill(read: Read, claim: Claim, loaded: StoredRead): Promise<void> {
    const watch = watches.open(read.key, read.tags)
    watch.isVoid = read.watch.isVoid
    const { value, freshForMs: ttlMs, loadMs } = loaded
    const isStored = await store
      .fill(read.key, read.tags, claim, { value, ttlMs, keepMs, loadMs })
      .catch(() => false)
    watches.close(watch)
    if (isStored) keep({ ...read, watch }, loaded)
  }

  /** The source is away: an answer past its time is better than none, as long as no write that happened has changed it. */
  async function bridged(read: Read, failure: unknown): Promise<CacheRead> {
    if (!isUnavailable(failure)) throw failure
    const entry = local.get(read.key)
    if (entry !== undefined) return answer(entry.value, 'stale', 'l1', Math.min(0, entry.freshUntil - now()))
    const found = await stored(read, 'lastKnown')
    if (found === undefined) throw failure
    return answer(found.value, 'stale', 'l2', Math.min(0, found.freshForMs))
  }

  /** From the shared store, else the right to fill it; undefined: neither. */
  async function shared(read: Read): Promise<StoredRead | Claim | undefined> {
    // Without the lease we may have missed what others wrote: straight to the source, and nothing is stored.
    if (!coherence.isTrusted()) return undefined
    // Asked for the first time here, it is hardly stored by another: its answer would cost more to look up than it brings.
    if (!read.isKept) return undefined
    const found = await storedOrClaimed(read, -staleForMs).catch(() => undefined)
    if (found === 'held') return fromOthers(read)
    return found === 'written' ? undefined : found
  }

  async function fresh(read: Read, signal: AbortSignal): Promise<CacheRead> {
    const found = await shared(read)
    if (found !== undefined && isStored(found)) {
      keep(read, found)
      return answer(found.value, found.freshForMs > 0 ? 'hit' : 'stale', 'l2', found.freshForMs)
    }
    try {
      const loaded = await loadAndFill(read, found, signal)
      return answer(loaded.value, 'miss', 'postgres', loaded.freshForMs)
    } catch (failure) {
      return await bridged(read, failure)
    }
  }

  /** Brings a local entry up to date in the background; one replica loads, the others take over what it stored. */
  async function renew(read: Read, entry: LocalEntry): Promise<void> {
    const found = await storedOrClaimed(read, entry.freshUntil + 1 - now())
    if (found === 'held' || found === 'written') return
    if (isStored(found)) keep(read, found)
    else await loadAndFill(read, found)
  }

  const open = (key: string, load: Load, options: ThroughOptions): Read => {
    const { tags = NO_TAGS, ttlMs = defaultTtlMs, keep } = options
    const isKept = keep === undefined || askedBefore.note(key)
    return { key, tags, load, ttlMs, isKept, watch: watches.open(key, tags) }
  }

  return {
    async read(key: string, load: Load, through: ThroughOptions, waiting?: AbortSignal): Promise<CacheRead> {
      const mine = counts.of(key)
      const isCoalesced = flights.isUnderWay(key)
      if (isCoalesced) mine.coalesced += 1
      const start = async (signal: AbortSignal): Promise<CacheRead> => {
        const read = open(key, load, through)
        try {
          return await fresh(read, signal)
        } finally {
          watches.close(read.watch)
        }
      }
      const result = await flights.run(key, start, {
        mustStartAfterNow: !coherence.isTrusted(),
        signal: waiting,
      })
      mine[result.status] += 1
      return result
    },
    refresh(entry: LocalEntry, load: Load, through: ThroughOptions): void {
      if (refreshing.has(entry.key)) return
      refreshing.add(entry.key)
      entry.refreshAfter = now() + REFRESH_PAUSE_MS
      const read = open(entry.key, load, through)
      renew(read, entry)
        // A refresh that fails is tried again; meanwhile the entry goes on.
        .catch(() => {})
        .finally(() => {
          refreshing.delete(entry.key)
          watches.close(read.watch)
        })
    },
    invalidate(name: string): void {
      for (const key of watches.invalidate(name)) flights.forget(key)
    },
  }
}
