/** What the event stream tells: the whole system twice a second, and requests worth seeing. */

export interface ReplicaPicture {
  readonly instanceId: string
  readonly state: 'up' | 'draining' | 'silent' | 'down'
  readonly silentMs: number
  readonly version: string
  readonly startedAt: string
  readonly inFlight: number
  readonly requestsPerSecond: number
  readonly errorsPerSecond: number
  readonly rejectedPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly eventLoopMs: number
  readonly residentBytes: number
  readonly heapUsedBytes: number
  readonly cpuShare: number
  readonly admission: {
    readonly limit: number
    readonly running: number
    readonly waiting: number
    readonly shed: number
  }
  readonly cache: {
    readonly hits: number
    readonly misses: number
    readonly stale: number
    readonly coalesced: number
    readonly bytes: number
    readonly entries: number
  }
  readonly breakers: Readonly<Record<string, string>>
  readonly redis: DependencyPicture & { readonly callsPerSecond: number }
  readonly postgres: DependencyPicture & { readonly queriesPerSecond: number; readonly inUse: number }
}

interface DependencyPicture {
  readonly isUp: boolean
  readonly p99Ms: number
  readonly errorsPerSecond: number
}

export interface SystemPicture {
  /** When it was taken, milliseconds since 1970 by the replica's clock. */
  readonly time: number
  readonly replicas: readonly ReplicaPicture[]
  readonly totals: {
    readonly requestsPerSecond: number
    readonly errorsPerSecond: number
    readonly rejectedPerSecond: number
    readonly p50Ms: number
    readonly p99Ms: number
  }
}

export interface RequestEvent {
  readonly time: number | string
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly ms: number
  readonly tier: string
  readonly instanceId: string
}
