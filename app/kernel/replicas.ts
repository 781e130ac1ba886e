/** The replicas as the registry knows them: each says every half second that it lives, and what it does. */

export interface ReplicaReport {
  readonly instanceId: string
  readonly version: string
  /** RFC 3339 UTC. */
  readonly startedAt: string
  readonly state: 'up' | 'draining'
  readonly inFlight: number
  readonly requestsPerSecond: number
  readonly p99Ms: number
  /** Where its own metrics are, for whoever gathers them; not shown outside. */
  readonly address: string
  /** State of each of its breakers. */
  readonly breakers: Readonly<Record<string, string>>
}

export interface Replica extends Omit<ReplicaReport, 'state'> {
  readonly state: 'up' | 'draining' | 'down'
}

export interface Registry {
  /** All known replicas by name; a silent one is `down`. As of the last beat that got through. */
  replicas(): readonly Replica[]
  /** How many live; never less than one. */
  liveReplicas(): number
  start(): void
  /** Leaves: a replica that stopped on purpose is not `down`, it is gone. */
  leave(): Promise<void>
}

/** A replica that was silent this long is down: four beats. */
export const silentAfterMs = 2_000

export const stateOf = (report: ReplicaReport, silentMs: number): Replica['state'] =>
  silentMs > silentAfterMs ? 'down' : report.state
