/** The replicas as the registry knows them: each says every half second that it lives, and what it does. */

import type { Load } from './load-meter.ts'
import type { Wish } from './wishes.ts'

/** Of Postgres or Redis, as of the last look. */
export type DependencyState = 'up' | 'down'

/** One of the servers behind the replicas, as a replica sees it. */
export interface DependencyUse {
  readonly isUp: boolean
  readonly p99Ms: number
  readonly errorsPerSecond: number
}

/** What one tier of the edge did lately, by its own count. */
export interface TierLoad {
  readonly tier: string
  readonly isUp: boolean
  readonly requestsPerSecond: number
  /** Open now, also those that wait for a request. */
  readonly connections: number
  /** Connections taken and not served, for want of room. */
  readonly droppedPerSecond: number
}

export interface ReplicaReport extends Load {
  readonly instanceId: string
  readonly version: string
  /** RFC 3339 UTC. */
  readonly startedAt: string
  readonly state: 'up' | 'draining'
  readonly inFlight: number
  /** The latest that the event loop was since the beat before. */
  readonly eventLoopMs: number
  readonly residentBytes: number
  readonly heapUsedBytes: number
  /** Of one core, since the beat before. */
  readonly cpuShare: number
  readonly admission: {
    readonly limit: number
    readonly running: number
    readonly waiting: number
    /** Since the start. */
    readonly shed: number
  }
  /** Since the start, but for bytes and entries. */
  readonly cache: {
    readonly hits: number
    readonly misses: number
    readonly stale: number
    readonly coalesced: number
    readonly bytes: number
    readonly entries: number
  }
  /** State of each of its breakers. */
  readonly breakers: Readonly<Record<string, string>>
  readonly redis: DependencyUse & { readonly callsPerSecond: number }
  readonly postgres: DependencyUse & { readonly queriesPerSecond: number; readonly inUse: number }
  /** The edge as this replica asked it; empty but for the one replica that asks for all. */
  readonly edge: readonly TierLoad[]
  /** Where other replicas reach it; not shown outside. */
  readonly address: string
}

export interface Replica extends Omit<ReplicaReport, 'state'> {
  readonly state: 'up' | 'draining' | 'down'
  /** Since its last beat, as of the last beat that was heard. */
  readonly silentMs: number
}

export interface Registry {
  /** All known replicas by name; a silent one is `down`. As of the last beat that got through. */
  replicas(): readonly Replica[]
  /** What this replica told last. */
  own(): ReplicaReport
  /** Since the last beat that got through, where the one after it did not; else 0. */
  unheardMs(): number
  /** How many live; never less than one. */
  liveReplicas(): number
  /** Unix milliseconds by the registry's clock, which all replicas share as far as they hear it. */
  time(): number
  /** Calls `listener` after each beat, also one that did not get through. */
  onBeat(listener: () => void): void
  /** Says now what has changed, such as a drain that begins, and hears what others said. */
  beat(): Promise<void>
  /** What is wished for under this name, as of the last beat that got through. */
  wish(name: string): Wish | undefined
  /** Tells all replicas, which hear it with their next beat. @throws {AppError} `dependency_unavailable`. */
  makeWish(name: string, value: string, forMs: number): Promise<void>
  takeBack(name: string): Promise<void>
  start(): void
  /** Leaves: a replica that stopped on purpose is not `down`, it is gone. */
  leave(): Promise<void>
}

/** A replica that was silent this long is down: four beats. */
export const downAfterMs = 2_000

/** And this long makes it worth showing: two beats and a little, so that a killed one shows within two seconds. */
export const silentAfterMs = 1_200

export const stateOf = (report: Pick<ReplicaReport, 'state'>, silentMs: number): Replica['state'] =>
  silentMs > downAfterMs ? 'down' : report.state

/** What stands for figures that a replica of an earlier release does not report. */
export const unreported = {
  requestsPerSecond: 0,
  errorsPerSecond: 0,
  rejectedPerSecond: 0,
  p50Ms: 0,
  p99Ms: 0,
  durations: [],
  inFlight: 0,
  eventLoopMs: 0,
  residentBytes: 0,
  heapUsedBytes: 0,
  cpuShare: 0,
  admission: { limit: 0, running: 0, waiting: 0, shed: 0 },
  cache: { hits: 0, misses: 0, stale: 0, coalesced: 0, bytes: 0, entries: 0 },
  breakers: {},
  redis: { isUp: true, callsPerSecond: 0, p99Ms: 0, errorsPerSecond: 0 },
  postgres: { isUp: true, queriesPerSecond: 0, p99Ms: 0, errorsPerSecond: 0, inUse: 0 },
  edge: [],
} satisfies Partial<ReplicaReport>
