/** Prometheus metrics: prom-client's registry, filled from the kernel's counts when somebody scrapes. */

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { latencyBoundsMs } from '#kernel/histogram.ts'
import { tiers } from '#kernel/principal.ts'
import { type RequestCounts, statusClasses } from '#kernel/request-counts.ts'

/** A figure of the moment, told apart by one label. */
export interface LabelledGauge {
  readonly name: string
  readonly help: string
  readonly label: string
  readonly read: () => Readonly<Record<string, number>>
}

export interface MetricsSources {
  readonly requests: RequestCounts
  readonly version: string
  /** Further figures of the moment, by metric name and label. */
  readonly gauges: readonly LabelledGauge[]
}

export function openMetrics({ requests, version, gauges }: MetricsSources): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  register(registry, 'http_requests_total', () => requestTotals(requests))
  register(registry, 'http_request_duration_seconds', () => durations(requests))
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests being answered',
    registers: [registry],
    collect() {
      this.set(requests.inFlight())
    },
  })
  new Gauge({
    name: 'sluice_build_info',
    help: 'Version that runs',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  for (const { name, help, label, read } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset()
        for (const [value, figure] of Object.entries(read())) this.set({ [label]: value }, figure)
      },
    })
  }
  return registry
}

/** What prom-client asks of a metric, and writes out. */
interface Collected {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'histogram'
  readonly aggregator: 'sum'
  readonly values: readonly { value: number; labels: Readonly<Record<string, string>>; metricName?: string }[]
}

// prom-client offers no way to set a counter or a histogram from totals kept elsewhere; what it asks of a metric is this.
function register(registry: Registry, name: string, get: () => Collected): void {
  registry.registerMetric({ name, get: async () => get(), reset: () => {} } as never)
}

const requestTotals = (requests: RequestCounts): Collected => ({
  name: 'http_requests_total',
  help: 'Requests answered',
  type: 'counter',
  aggregator: 'sum',
  values: requests.routes.flatMap(({ route, requests: counts }) =>
    [...counts].flatMap((value, index) => {
      const tier = tiers[Math.floor(index / statusClasses.length)] ?? ''
      const status = statusClasses[index % statusClasses.length] ?? ''
      return value === 0 ? [] : [{ value, labels: { route, tier, status } }]
    }),
  ),
})

const durations = (requests: RequestCounts): Collected => ({
  name: 'http_request_duration_seconds',
  help: 'Time from the first byte in to the last byte out',
  type: 'histogram',
  aggregator: 'sum',
  values: requests.routes.flatMap(({ route, durations: counts, durationSumMs }) => {
    let total = 0
    const name = 'http_request_duration_seconds'
    const buckets = [...counts].map((count, index) => {
      total += count
      const bound = latencyBoundsMs[index]
      const le = bound === undefined ? '+Inf' : String(bound / 1_000)
      return { metricName: `${name}_bucket`, labels: { route, le }, value: total }
    })
    if (total === 0) return []
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: { route }, value: durationSumMs / 1_000 },
      { metricName: `${name}_count`, labels: { route }, value: total },
    ]
  }),
})
