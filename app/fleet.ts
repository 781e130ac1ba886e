/** This replica as one of several: what it counts and tells of itself, what it is asked to do, its part of the limits, its leaving. */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAdmission } from '#kernel/admission/admission.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import { Decisions } from '#kernel/limiter/decisions.ts'
import { leasedLimiter } from '#kernel/limiter/limiter.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { fleetWishes } from '#modules/admin/index.ts'
import { askedRegistry } from '#platform/asked-registry.ts'
import { countedBuckets } from '#platform/counted-buckets.ts'
import { edgeLoad } from '#platform/edge-load.ts'
import { watchEventLoop } from '#platform/event-loop.ts'
import { internalAccess } from '#platform/internal-access.ts'
import type { Logger } from '#platform/logger.ts'
import { nginxStatus, nginxTiersOf } from '#platform/nginx-status.ts'
import { otherReplicas } from '#platform/other-replicas.ts'
import { redisBuckets } from '#platform/redis-buckets.ts'
import { redisRegistry } from '#platform/redis-registry.ts'
import { clock, monotonicMs } from '#platform/timers.ts'
import type { Config } from './config.ts'
import type { Connections } from './connections.ts'
import { commaSeparated } from './load-config.ts'
import { refusalCounts } from './refusal-counts.ts'
import { replicaReport } from './report.ts'

/** `drained`: out by the wish of an admin; it answers as one that is leaving does, but stays, and may serve again. */
export type Presence = 'serving' | 'drained' | 'leaving'

/** Who this process is. */
export interface Self {
  readonly instanceId: string
  /** Unique to this start: after a restart it is another member of the bus and another holder of leases. */
  readonly holder: string
  readonly startedAt: string
  readonly version: string
}

export const selfOf = ({ INSTANCE_ID: instanceId }: Config): Self => ({
  instanceId,
  holder: `${instanceId}.${randomBytes(6).toString('base64url')}`,
  startedAt: new Date().toISOString(),
  version: JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')).version,
})

export interface FleetDeps {
  readonly config: Config
  readonly self: Self
  readonly connections: Connections
  readonly cache: Cache
  /** The secret that all replicas share. */
  readonly serverKey: string
  readonly logger: Logger
}

export function joinFleet({ config, self, connections, cache, serverKey, logger }: FleetDeps) {
  const { inRedis, breakers, dependencies } = connections
  const { instanceId, holder, startedAt, version } = self
  const listeners: ((presence: Presence) => void)[] = []
  let presence: Presence = 'serving'
  const isDraining = (): boolean => presence !== 'serving'
  const become = (wanted: Presence): void => {
    // One that is leaving takes no connection again.
    if (presence === 'leaving') return
    presence = wanted
    for (const listener of listeners) listener(presence)
  }

  const counts = requestCounts()
  const refusals = refusalCounts()
  const admission = openAdmission({ now: monotonicMs })
  const loop = watchEventLoop(admission.tick, monotonicMs)
  const nginx = nginxStatus(nginxTiersOf(commaSeparated(config.NGINX_STATUS)), monotonicMs)
  const edge = edgeLoad({
    status: nginx,
    isTeller: () => registry.replicas().find(({ state }) => state !== 'down')?.instanceId === instanceId,
  })
  const report = replicaReport({
    config,
    version,
    startedAt,
    isDraining,
    counts,
    admission,
    cache,
    breakers,
    dependencies: dependencies.states,
    calls: connections.calls,
    denied: () => refusals.counts().rate_limited ?? 0,
    loopDelayMs: loop.latestMs,
    edge: edge.tiers,
  })
  const internal = internalAccess(serverKey)
  const registry = askedRegistry({
    registry: redisRegistry({
      ...inRedis,
      report,
      expected: config.REPLICAS,
      failed: (error) => logger.error({ err: error }, 'a part of the beat failed'),
      now: monotonicMs,
    }),
    internal,
    now: monotonicMs,
  })
  const serveOrDrain = (wanted: 'serving' | 'drained'): void => {
    if (presence === 'leaving') return
    become(wanted)
    logger.warn(wanted === 'drained' ? 'drained by an admin' : 'serves again')
  }
  registry.onBeat(fleetWishes({ registry, instanceId, startedAt, breakers, serveOrDrain, logger }))

  registry.onBeat(() => void edge.beat())

  const buckets = countedBuckets(redisBuckets(inRedis))
  const limiter = leasedLimiter({
    ...clock,
    store: buckets.store,
    holder,
    liveReplicas: registry.liveReplicas,
  })
  const decisions = new Decisions()

  return {
    counts,
    refusals,
    admission,
    /** What both tiers say of themselves. */
    nginx,
    registry,
    /** By which replicas know each other. */
    internal,
    askOthers: otherReplicas({ instanceId, replicas: registry.replicas, internal }),
    limiter,
    decisions,
    limits: { decisions: () => decisions.counts(), stats: limiter.stats, storeCalls: buckets.calls },
    isDraining,
    /** Calls `listener` with each change. */
    onPresence: (listener: (presence: Presence) => void): void => void listeners.push(listener),
    /** For good. */
    leave(): void {
      become('leaving')
      // The others hear of it now, not with the next beat.
      void registry.beat()
    },
    start(): void {
      registry.start()
      loop.start()
    },
    async close(): Promise<void> {
      loop.stop()
      await Promise.all([registry.leave(), limiter.close()])
    },
  }
}

export type Fleet = ReturnType<typeof joinFleet>
