/** The whole system as one replica sees it, and what else the live stream tells (docs/events.md). */

import { type Static, Type } from 'typebox'
import { Time } from '#http/schemas.ts'

const Count = Type.Integer({ minimum: 0 })
const Figure = Type.Number({ minimum: 0 })

const loadFigures = {
  requestsPerSecond: Figure,
  errorsPerSecond: Type.Number({ minimum: 0, description: 'answered 5xx, but for those that were shed' }),
  rejectedPerSecond: Type.Number({
    minimum: 0,
    description: 'a quota was spent, or more was asked than can be answered',
  }),
  p50Ms: Figure,
  p99Ms: Figure,
}

const dependencyFigures = { isUp: Type.Boolean(), p99Ms: Figure, errorsPerSecond: Figure }

const AdmissionFigures = Type.Object({
  limit: Count,
  running: Count,
  waiting: Count,
  shed: Type.Integer({ minimum: 0, description: 'since the replica started' }),
})

export const CacheFigures = Type.Object({
  hits: Count,
  misses: Count,
  stale: Count,
  coalesced: Count,
  bytes: Count,
  entries: Count,
})

export const ReplicaPicture = Type.Object(
  {
    instanceId: Type.String(),
    state: Type.Enum(['up', 'draining', 'silent', 'down'], {
      description: 'silent: no beat for 1.2 s; down: none for 2 s',
    }),
    silentMs: Type.Integer({ minimum: 0, description: 'since its last beat' }),
    version: Type.String(),
    startedAt: Time,
    inFlight: Count,
    ...loadFigures,
    eventLoopMs: Type.Number({ minimum: 0, description: 'the latest the event loop was in the last beat' }),
    residentBytes: Count,
    heapUsedBytes: Count,
    cpuShare: Type.Number({ minimum: 0, description: 'of one core' }),
    admission: AdmissionFigures,
    cache: CacheFigures,
    breakers: Type.Record(Type.String(), Type.String(), {
      description: 'closed, half-open or open, by name',
    }),
    redis: Type.Object({ ...dependencyFigures, callsPerSecond: Figure }),
    postgres: Type.Object({ ...dependencyFigures, queriesPerSecond: Figure, inUse: Count }),
  },
  { title: 'ReplicaPicture' },
)
export type ReplicaPicture = Static<typeof ReplicaPicture>

export const SystemTotals = Type.Object(loadFigures)

const TierPicture = Type.Object(
  {
    tier: Type.String({ description: 'gateway or balancer' }),
    isUp: Type.Boolean({ description: 'whether it tells its status' }),
    requestsPerSecond: Type.Number({
      minimum: 0,
      description: 'whatever it answered or passed on: refused requests, probes and files too',
    }),
    connections: Type.Integer({ minimum: 0, description: 'open now, also those that wait for a request' }),
    droppedPerSecond: Type.Number({
      minimum: 0,
      description: 'connections taken and not served, for want of room',
    }),
  },
  { title: 'TierPicture' },
)

export const SystemPicture = Type.Object(
  {
    time: Type.Integer({ description: 'Unix milliseconds; the id of the event' }),
    replicas: Type.Array(ReplicaPicture),
    totals: SystemTotals,
    edge: Type.Array(TierPicture, {
      description: 'by the count of nginx itself; empty where no replica can ask it',
    }),
  },
  { title: 'SystemPicture', description: 'data of the event `system`' },
)
export type SystemPicture = Static<typeof SystemPicture>

export const RequestEvent = Type.Object(
  {
    time: Time,
    requestId: Type.String(),
    method: Type.String(),
    route: Type.String({ description: 'its pattern, or none' }),
    status: Type.Integer(),
    ms: Figure,
    tier: Type.String(),
    instanceId: Type.String(),
  },
  { title: 'RequestEvent', description: 'data of the event `request`' },
)
export type RequestEvent = Static<typeof RequestEvent>

export const StreamEnd = Type.Object(
  { reason: Type.Enum(['revoked', 'expired', 'draining']) },
  { title: 'StreamEnd', description: 'data of the event `end`, the last of a stream' },
)
export type StreamEnd = Static<typeof StreamEnd>
