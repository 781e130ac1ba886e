/** What this replica tells of itself with each heartbeat, gathered from its parts: nothing is counted for it alone. */

import { hostname } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import type { Admission } from '#kernel/admission/admission.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { CallCounts } from '#kernel/call-counts.ts'
import { latencyBoundsMs } from '#kernel/histogram.ts'
import { type LoadTotals, loadMeter } from '#kernel/load-meter.ts'
import type { ReplicaReport, TierLoad } from '#kernel/replicas.ts'
import { type RequestCounts, statusClasses } from '#kernel/request-counts.ts'
import type { Breaker } from '#platform/breaker.ts'
import { monotonicMs } from '#platform/timers.ts'
import type { Config } from './config.ts'

export interface ReportSources {
  readonly config: Config
  readonly version: string
  readonly startedAt: string
  readonly isDraining: () => boolean
  readonly counts: RequestCounts
  readonly admission: Admission
  readonly cache: Cache
  readonly breakers: readonly Breaker[]
  readonly dependencies: () => Readonly<Record<string, string>>
  /** How often requests were refused because a quota was spent, since the start. */
  readonly denied: () => number
  readonly calls: { readonly postgres: CallCounts; readonly redis: CallCounts }
  /** The latest the event loop was since this was last asked. */
  readonly loopDelayMs: () => number
  readonly edge: () => readonly TierLoad[]
}

export function replicaReport(sources: ReportSources): () => ReplicaReport {
  const { config, version, startedAt, isDraining, counts, admission, cache, breakers, calls } = sources
  const load = loadMeter(() => trafficTotals(counts, admission, sources.denied()), monotonicMs)
  const callMeter = (calls: CallCounts, without?: string) =>
    loadMeter(() => callTotals(calls, without), monotonicMs)
  const redisLoad = callMeter(calls.redis)
  // One in a transaction is a part of a call that is counted itself.
  const postgresLoad = callMeter(calls.postgres, 'statement')
  const cpuShare = cpuMeter()
  const address = `http://${config.HOST === '0.0.0.0' ? hostname() : config.HOST}:${config.PORT}`

  return () => {
    const { limit, running, waiting, shed } = admission.stats()
    const isUp = (name: string): boolean => sources.dependencies()[name] === 'up'
    const [redis, postgres] = [redisLoad(), postgresLoad()]
    return {
      instanceId: config.INSTANCE_ID,
      version,
      startedAt,
      state: isDraining() ? 'draining' : 'up',
      inFlight: counts.inFlight(),
      ...load(),
      eventLoopMs: Math.round(sources.loopDelayMs()),
      residentBytes: process.memoryUsage.rss(),
      heapUsedBytes: getHeapStatistics().used_heap_size,
      cpuShare: cpuShare(),
      admission: { limit, running, waiting, shed: sum(Object.values(shed)) },
      cache: cacheTotals(cache),
      breakers: Object.fromEntries(
        breakers.map((breaker) => {
          const { name, state } = breaker.report()
          return [name, state]
        }),
      ),
      redis: {
        isUp: isUp('redis'),
        callsPerSecond: redis.requestsPerSecond,
        errorsPerSecond: redis.errorsPerSecond,
        p99Ms: redis.p99Ms,
      },
      postgres: {
        isUp: isUp('postgres'),
        queriesPerSecond: postgres.requestsPerSecond,
        errorsPerSecond: postgres.errorsPerSecond,
        p99Ms: postgres.p99Ms,
        inUse: Math.min(calls.postgres.running, config.DATABASE_POOL_MAX),
      },
      edge: sources.edge(),
      address,
    }
  }
}

/** What clients ask: not the probes, and not what replicas ask each other. */
const isTraffic = (route: string): boolean =>
  route === 'none' || (route.startsWith('/api/') && !route.includes('/health'))

const failedClass = statusClasses.indexOf('5xx')

function trafficTotals({ routes }: RequestCounts, admission: Admission, denied: number): LoadTotals {
  const shed = sum(Object.values(admission.stats().shed))
  const durations = new Float64Array(latencyBoundsMs.length + 1)
  let failed = 0
  for (const counts of routes) {
    if (!isTraffic(counts.route)) continue
    for (let index = 0; index < durations.length; index += 1)
      durations[index] = (durations[index] as number) + (counts.durations[index] as number)
    for (let index = failedClass; index < counts.requests.length; index += statusClasses.length)
      failed += counts.requests[index] as number
  }
  return { requests: sum(durations), errors: Math.max(0, failed - shed), rejected: denied + shed, durations }
}

function callTotals(calls: CallCounts, without?: string): LoadTotals {
  const { calls: requests, errors, durations } = calls.totals(without)
  return { requests, errors, rejected: 0, durations }
}

function cacheTotals(cache: Cache): ReplicaReport['cache'] {
  const kinds = Object.values(cache.stats())
  return {
    hits: sum(kinds.map(({ hit }) => hit)),
    misses: sum(kinds.map(({ miss }) => miss)),
    stale: sum(kinds.map(({ stale }) => stale)),
    coalesced: sum(kinds.map(({ coalesced }) => coalesced)),
    bytes: sum(kinds.map(({ bytes }) => bytes)),
    entries: sum(kinds.map(({ entries }) => entries)),
  }
}

/** The share of one core that this process had since the last call. */
function cpuMeter(): () => number {
  let before = { at: monotonicMs(), cpu: process.cpuUsage() }
  return () => {
    const { user, system } = process.cpuUsage(before.cpu)
    const elapsedMs = monotonicMs() - before.at
    before = { at: monotonicMs(), cpu: process.cpuUsage() }
    return elapsedMs > 0 ? Math.round((user + system) / elapsedMs / 10) / 100 : 0
  }
}

const sum = (numbers: Iterable<number>): number => {
  let total = 0
  for (const number of numbers) total += number
  return total
}
