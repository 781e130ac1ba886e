/** Every metric of a replica, joined: what is counted where, told to whoever scrapes (docs/observability.md). */

import { problemTable } from '#http/error-reply.ts'
import type { Admission } from '#kernel/admission/admission.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { CallCounts } from '#kernel/call-counts.ts'
import type { ErrorCode } from '#kernel/errors.ts'
import type { Registry } from '#kernel/replicas.ts'
import type { RequestCounts } from '#kernel/request-counts.ts'
import type { CountedTrail } from '#modules/audit/index.ts'
import { auditMetrics } from '#modules/audit/index.ts'
import type { Breaker } from '#platform/breaker.ts'
import type { Housekeeping } from '#platform/housekeeping.ts'
import type { LineWriter } from '#platform/line-writer.ts'
import type { Metric } from '#platform/metric.ts'
import { openMetrics, processMetrics } from '#platform/metrics.ts'
import { type NginxStatus, nginxMetrics } from '#platform/nginx-status.ts'
import {
  admissionMetrics,
  breakerMetrics,
  cacheMetrics,
  choreMetrics,
  dependencyMetrics,
  type LimitSources,
  limitMetrics,
  logMetrics,
  postgresMetrics,
  redisMetrics,
  replicaMetrics,
} from '#platform/part-metrics.ts'
import { type RequestMetricsOptions, requestMetrics } from '#platform/request-metrics.ts'
import type { Config } from './config.ts'

export interface TelemetrySources {
  readonly config: Config
  readonly version: string
  readonly requests: RequestCounts
  readonly refusals: RefusalCounts
  readonly exemplarOf: RequestMetricsOptions['exemplarOf']
  readonly calls: { readonly postgres: CallCounts; readonly redis: CallCounts }
  readonly dependencies: () => Readonly<Record<string, string>>
  readonly admission: Admission
  readonly cache: Cache
  readonly isTrusted: () => boolean
  readonly limits: LimitSources
  readonly breakers: readonly Breaker[]
  readonly chores: Housekeeping
  readonly lines: LineWriter
  readonly trail: CountedTrail
  readonly registry: Registry
  readonly nginx: NginxStatus | undefined
  readonly further: readonly Metric[]
}

export function telemetry(sources: TelemetrySources) {
  const { config, requests, refusals, exemplarOf, calls } = sources
  return openMetrics([
    ...processMetrics(sources.version),
    ...requestMetrics({ requests, refusals: refusals.counts, exemplarOf }),
    ...postgresMetrics(calls.postgres, config.DATABASE_POOL_MAX),
    ...redisMetrics(calls.redis),
    ...dependencyMetrics(sources.dependencies),
    ...admissionMetrics(sources.admission),
    ...cacheMetrics(sources.cache, sources.isTrusted),
    ...limitMetrics(sources.limits),
    ...breakerMetrics(sources.breakers),
    ...choreMetrics(sources.chores.counts),
    ...logMetrics(sources.lines),
    ...auditMetrics(sources.trail),
    ...replicaMetrics(sources.registry.replicas),
    ...nginxMetrics(sources.nginx),
    ...sources.further,
  ])
}

/** How often a request was refused with each code; all there are stand at 0 from the start. */
export interface RefusalCounts {
  readonly counts: () => Readonly<Record<string, number>>
  readonly count: (code: ErrorCode) => void
}

export function refusalCounts(): RefusalCounts {
  const counts: Record<string, number> = Object.fromEntries(problemTable.map(({ code }) => [code, 0]))
  return {
    counts: () => counts,
    count: (code) => {
      counts[code] = (counts[code] ?? 0) + 1
    },
  }
}
