/** What the parts of a replica tell of themselves: how much each is used, how full it is, what it refuses. */

import type { Admission } from '#kernel/admission/admission.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { CallCounts } from '#kernel/call-counts.ts'
import type { DecisionCounts } from '#kernel/limiter/decisions.ts'
import type { LimiterStats } from '#kernel/limiter/limiter.ts'
import type { Breaker } from './breaker.ts'
import type { ChoreCounts } from './housekeeping.ts'
import type { LineWriter } from './line-writer.ts'
import { counter, counterBy, counterOf, gauge, gaugeBy, histogramBy, type Metric } from './metric.ts'

export function postgresMetrics(calls: CallCounts, maxConnections: number): Metric[] {
  const name = 'sluice_postgres_call'
  return [
    histogramBy(
      `${name}_duration_seconds`,
      'Calls of Postgres with their wait for a connection',
      'kind',
      () => calls.kinds,
    ),
    counterBy(`${name}_errors_total`, 'Calls of Postgres that failed', 'kind', () => errorsOf(calls)),
    gauge('sluice_postgres_pool_in_use', 'Connections to Postgres that work', () =>
      Math.min(calls.running, maxConnections),
    ),
    gauge('sluice_postgres_pool_waiting', 'Calls that wait for a connection to Postgres', () =>
      Math.max(0, calls.running - maxConnections),
    ),
    gauge('sluice_postgres_pool_max', 'Connections to Postgres there may be', () => maxConnections),
  ]
}

export const redisMetrics = (calls: CallCounts): Metric[] => [
  histogramBy('sluice_redis_call_duration_seconds', 'Commands sent to Redis', 'command', () => calls.kinds),
  counterBy('sluice_redis_call_errors_total', 'Commands that failed', 'command', () => errorsOf(calls)),
  gauge('sluice_redis_calls_running', 'Commands that wait for their answer', () => calls.running),
]

const errorsOf = ({ kinds }: CallCounts): Record<string, number> =>
  Object.fromEntries(kinds.map(({ kind, errors }) => [kind, errors]))

export const dependencyMetrics = (states: () => Readonly<Record<string, string>>): Metric[] => [
  gaugeBy(
    'sluice_dependency_up',
    'Whether it answered a moment ago',
    'dependency',
    () => Object.fromEntries(Object.entries(states()).map(([name, state]) => [name, state === 'up' ? 1 : 0])),
    'min',
  ),
]

export function admissionMetrics({ stats }: Admission): Metric[] {
  const name = 'sluice_admission'
  return [
    gauge(`${name}_limit`, 'Requests that may run at once', () => stats().limit),
    gauge(`${name}_running`, 'Requests that run', () => stats().running),
    gauge(`${name}_waiting`, 'Requests that wait for a place', () => stats().waiting),
    gauge(`${name}_brake`, 'Priorities that a late event loop keeps out', () => stats().brake, 'max'),
    counter(`${name}_admitted_total`, 'Requests let in', () => stats().admitted),
    counterBy(`${name}_shed_total`, 'Requests refused because of overload', 'priority', () => stats().shed),
  ]
}

export function cacheMetrics(cache: Cache, isTrusted: () => boolean): Metric[] {
  const byKind = (figure: 'coalesced' | 'entries' | 'bytes') => () =>
    Object.fromEntries(Object.entries(cache.stats()).map(([kind, stats]) => [kind, stats[figure]]))
  return [
    counterOf('sluice_cache_reads_total', 'Reads through the cache', () =>
      Object.entries(cache.stats()).flatMap(([kind, stats]) =>
        (['hit', 'miss', 'stale'] as const).map((result) => ({
          value: stats[result],
          labels: { kind, result },
        })),
      ),
    ),
    counterBy(
      'sluice_cache_coalesced_total',
      'Reads that shared the load of another',
      'kind',
      byKind('coalesced'),
    ),
    gaugeBy('sluice_cache_entries', 'Answers held in the process', 'kind', byKind('entries')),
    gaugeBy('sluice_cache_bytes', 'Bytes of the answers held in the process', 'kind', byKind('bytes')),
    gauge(
      'sluice_cache_trusted',
      'Whether cached answers are known to be current',
      () => Number(isTrusted()),
      'min',
    ),
  ]
}

export interface LimitSources {
  readonly decisions: () => ReadonlyMap<string, Readonly<DecisionCounts>>
  readonly stats: () => LimiterStats
  readonly storeCalls: Readonly<Record<'ok' | 'failed', number>>
}

export const limitMetrics = ({ decisions, stats, storeCalls }: LimitSources): Metric[] => [
  counterOf('sluice_limit_decisions_total', 'Requests that a policy let pass or refused', () =>
    [...decisions()].flatMap(([policy, { allowed, denied }]) => [
      { value: allowed, labels: { policy, decision: 'allowed' } },
      { value: denied, labels: { policy, decision: 'denied' } },
    ]),
  ),
  gauge('sluice_limit_buckets', 'Buckets the process remembers', () => stats().buckets),
  gauge('sluice_limit_leases', 'Buckets of which the process holds a part', () => stats().leases),
  gauge('sluice_limit_local', 'Whether each replica counts for itself', () => Number(stats().isLocal), 'max'),
  counterBy(
    'sluice_limit_store_calls_total',
    'Settlements with the shared buckets',
    'result',
    () => storeCalls,
  ),
]

const breakerStates = { closed: 0, 'half-open': 0.5, open: 1 } as const
const breakerResults = ['success', 'failure', 'timeout', 'rejected'] as const

export const breakerMetrics = (breakers: readonly Breaker[]): Metric[] => [
  gaugeBy(
    'sluice_breaker_open',
    '0 closed, 0.5 half open, 1 open',
    'breaker',
    () =>
      Object.fromEntries(
        breakers.map((breaker) => [breaker.report().name, breakerStates[breaker.report().state]]),
      ),
    'max',
  ),
  counterOf('sluice_breaker_calls_total', 'Calls through a breaker', () =>
    breakers.flatMap(({ totals }) =>
      breakerResults.map((result) => ({
        value: totals()[result],
        labels: { breaker: totals().name, result },
      })),
    ),
  ),
  counterBy('sluice_breaker_opened_total', 'How often a breaker opened', 'breaker', () =>
    Object.fromEntries(breakers.map(({ totals }) => [totals().name, totals().opened])),
  ),
]

export const choreMetrics = (counts: () => readonly ChoreCounts[]): Metric[] => [
  counterOf('sluice_chore_runs_total', 'Runs of the housekeeping', () =>
    counts().flatMap(({ name: chore, done, failed }) => [
      { value: done, labels: { chore, result: 'done' } },
      { value: failed, labels: { chore, result: 'failed' } },
    ]),
  ),
  counterBy('sluice_chore_seconds_total', 'Time the housekeeping took', 'chore', () =>
    Object.fromEntries(counts().map(({ name, tookMs }) => [name, tookMs / 1_000])),
  ),
  gaugeBy(
    'sluice_chore_last_done_timestamp_seconds',
    'When it was last done, 0 for not yet',
    'chore',
    () => Object.fromEntries(counts().map(({ name, lastDoneAt }) => [name, lastDoneAt / 1_000])),
    'max',
  ),
]

export const logMetrics = (lines: LineWriter): Metric[] => [
  counterBy('sluice_log_lines_dropped_total', 'Lines that found no room, the disk being slow', 'log', () => ({
    requests: lines.dropped(),
  })),
]

export const replicaMetrics = (replicas: () => readonly { readonly state: string }[]): Metric[] => [
  gaugeBy(
    'sluice_replicas',
    'Replicas as the registry knows them',
    'state',
    () => {
      const counts: Record<string, number> = { up: 0, draining: 0, down: 0 }
      for (const { state } of replicas()) counts[state] = (counts[state] ?? 0) + 1
      return counts
    },
    'max',
  ),
]
