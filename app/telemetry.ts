/** Every metric of a replica, joined: what is counted where, told to whoever scrapes (docs/observability.md). */

import type { CountedTrail } from '#modules/audit/index.ts'
import { auditMetrics } from '#modules/audit/index.ts'
import type { Housekeeping } from '#platform/housekeeping.ts'
import type { LineWriter } from '#platform/line-writer.ts'
import type { Metric } from '#platform/metric.ts'
import { openMetrics, processMetrics } from '#platform/metrics.ts'
import { nginxMetrics } from '#platform/nginx-status.ts'
import { otlpExporter } from '#platform/otlp.ts'
import {
  admissionMetrics,
  breakerMetrics,
  cacheMetrics,
  choreMetrics,
  dependencyMetrics,
  limitMetrics,
  logMetrics,
  postgresMetrics,
  redisMetrics,
  replicaMetrics,
} from '#platform/part-metrics.ts'
import { type RequestMetricsOptions, requestMetrics } from '#platform/request-metrics.ts'
import { monotonicMs } from '#platform/timers.ts'
import { traceMetrics } from '#platform/trace-metrics.ts'
import { openTracing } from '#platform/tracing.ts'
import type { CoherentCache } from './coherent-cache.ts'
import type { Config } from './config.ts'
import type { Connections } from './connections.ts'
import type { Fleet } from './fleet.ts'

/** Traces, and the collector they are sent to; neither where it is switched off. */
export function openTraces(config: Config, version: string) {
  const tracing = config.TRACE
    ? openTracing({
        samplePercent: config.TRACE_SAMPLE_PERCENT,
        slowMs: config.TRACE_SLOW_MS,
        now: monotonicMs,
        kept: (trace) => collector?.add(trace),
      })
    : undefined
  const collector =
    tracing && config.OTLP_URL !== ''
      ? otlpExporter({
          url: config.OTLP_URL,
          instanceId: config.INSTANCE_ID,
          version,
          spansOf: tracing.spansOf,
        })
      : undefined
  const metrics = tracing ? traceMetrics(tracing, collector) : []
  return { tracing, metrics, close: async () => collector?.close() }
}

export interface TelemetrySources {
  readonly config: Config
  readonly version: string
  readonly connections: Pick<Connections, 'calls' | 'dependencies' | 'breakers'>
  readonly fleet: Pick<Fleet, 'counts' | 'refusals' | 'admission' | 'limits' | 'registry' | 'nginx'>
  readonly kept: Pick<CoherentCache, 'cache' | 'isTrusted'>
  readonly exemplarOf: RequestMetricsOptions['exemplarOf']
  readonly chores: Housekeeping
  readonly lines: LineWriter
  readonly trail: CountedTrail
  readonly further: readonly Metric[]
}

export function telemetry(sources: TelemetrySources) {
  const { config, connections, fleet, kept, exemplarOf } = sources
  return openMetrics([
    ...processMetrics(sources.version),
    ...requestMetrics({ requests: fleet.counts, refusals: fleet.refusals.counts, exemplarOf }),
    ...postgresMetrics(connections.calls.postgres, config.DATABASE_POOL_MAX),
    ...redisMetrics(connections.calls.redis),
    ...dependencyMetrics(connections.dependencies.states),
    ...admissionMetrics(fleet.admission),
    ...cacheMetrics(kept.cache, kept.isTrusted),
    ...limitMetrics(fleet.limits),
    ...breakerMetrics(connections.breakers),
    ...choreMetrics(sources.chores.counts),
    ...logMetrics(sources.lines),
    ...auditMetrics(sources.trail),
    ...replicaMetrics(fleet.registry.replicas),
    ...nginxMetrics(fleet.nginx),
    ...sources.further,
  ])
}
