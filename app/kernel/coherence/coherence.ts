/** What keeps the local copies of all replicas true: the contracts. How and why it holds: docs/cache.md. */

/** The name that stands for every name: told to listeners when all copies have to go. */
export const EVERYTHING = '*'

/** Names that are kept out of the shared cache while a write is under way. */
export interface Marked {
  /**
   * To be called once the write is over: invalidates once more what was read meanwhile, and ends the mark.
   * Settles, never rejects, when no replica can serve what the names held before the call.
   */
  release(): Promise<void>
}

/**
 * The invalidation bus of the replicas and its lease (Gray and Cheriton, 1989).
 * Names are cache keys and tags: `user:7`, `session:12`, `items`.
 */
export interface Coherence {
  /** Local copies may be served. To be asked at every hit: it compares a monotonic clock and costs nothing. */
  isTrusted(): boolean
  /** Invalidates now and keeps the names out of the shared cache until `release`, or some seconds if we die. */
  mark(names: readonly string[]): Marked
  /** Invalidates what a committed change made old. Settles as `Marked.release`. */
  invalidate(names: readonly string[]): Promise<void>
  /** Local copies of these names, and loads of them under way, are void; `EVERYTHING`, also told when trust is regained, means all. */
  onInvalidate(listener: (names: readonly string[]) => void): void
  start(): Promise<void>
  close(): Promise<void>
}

/** One name of one write. The token tells concurrent writers of a name apart; empty: it was not marked. */
export interface Mark {
  readonly name: string
  readonly token: string
}

export interface Invalidation {
  /** Unique for ever: becomes the version of every name in it. */
  readonly version: string
  /** For the other replicas. */
  readonly message: string
  readonly marks: readonly Mark[]
}

/** A channel with one order of messages for everybody, beside the shared cache. Every call may reject; none may hang. */
export interface Bus {
  /** In one atomic step: the names leave the shared cache, nobody may store them, and the message is published. */
  mark(invalidation: Invalidation): Promise<void>
  /** In one atomic step: the names leave the shared cache, the marks with these tokens end, and the message is published. */
  invalidate(invalidation: Invalidation): Promise<void>
  /** Voids the shared cache if it is not the one the last invalidations went to: a server that was restarted or replaced. */
  adopt(version: string): Promise<void>
  publish(message: string): Promise<void>
  /** Sends to one replica alone, in the same order as the rest. */
  send(to: string, message: string): Promise<void>
  /** `lost` is called when messages may have been missed. */
  open(id: string, listener: BusListener): Promise<void>
  close(): Promise<void>
}

export interface BusListener {
  message(text: string): void
  lost(): void
}

/** The way round for a writer that cannot reach the bus: another place that all replicas listen to (Postgres). */
export interface Detour {
  /** Settles once another replica has invalidated the names for us; rejects when none did in time. */
  announce(names: readonly string[]): Promise<void>
  /** Settles when all that was announced before this call has been received here. */
  catchUp(): Promise<void>
  /** What others announced. The promise settles when it is invalidated for everybody, and rejects if it could not be. */
  onAnnounced(relay: (names: readonly string[]) => Promise<void>): void
}
