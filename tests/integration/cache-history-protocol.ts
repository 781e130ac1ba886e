/** What the replicas of the history test say to the process that holds the truth, and what it answers. */

export interface Settings {
  readonly id: string
  readonly socketPath: string
  readonly prefix: string
  readonly keys: readonly string[]
  readonly ttlMs: number
  /** Given only to break the cache on purpose. */
  readonly trustMs?: number
}

/** Times in milliseconds of the machine's monotonic clock; versions of a key only grow. */
export interface Operation {
  readonly kind: 'read' | 'write'
  readonly by: string
  readonly key: string
  readonly begun: number
  readonly ended: number
  readonly version: number
  readonly via?: string
}

export type Asked =
  | { readonly kind: 'read' | 'write'; readonly key: string }
  | { readonly kind: 'announce'; readonly names: readonly string[] }
  | { readonly kind: 'catch-up' }

export type FromReplica =
  | { readonly ask: number; readonly what: Asked }
  | { readonly operations: readonly Operation[] }
  | { readonly relayed: number }

export type ToReplica =
  | { readonly answer: number; readonly value: number }
  | { readonly announced: readonly string[]; readonly announcement: number }
  | { readonly end: true }

/** Reads that saw an older version than one whose write had been acknowledged before they began. */
export function staleReads(history: readonly Operation[]): Operation[] {
  const stale: Operation[] = []
  for (const operations of Map.groupBy(history, ({ key }) => key).values()) {
    const writes = operations.filter(({ kind }) => kind === 'write').sort((a, b) => a.ended - b.ended)
    const reads = operations.filter(({ kind }) => kind === 'read').sort((a, b) => a.begun - b.begun)
    let acknowledged = 0
    let next = 0
    for (const read of reads) {
      for (
        let write = writes[next];
        write !== undefined && write.ended < read.begun;
        write = writes[++next]
      ) {
        acknowledged = Math.max(acknowledged, write.version)
      }
      if (read.version < acknowledged) stale.push(read)
    }
  }
  return stale
}
