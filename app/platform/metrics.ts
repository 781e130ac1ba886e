/** prom-client's registry of one replica: what it finds out by itself of Node, and the metrics of our parts. */

import { performance } from 'node:perf_hooks'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { counter, gaugeBy, type Metric } from './metric.ts'

export function openMetrics(metrics: readonly Metric[]): Registry {
  const registry = new Registry()
  const defaults = new Registry()
  collectDefaultMetrics({ register: defaults })
  for (const metric of defaults.getMetricsAsArray()) {
    // Gauges that are named like counters: promtool refuses them, and the figures say little.
    if (metric.name.startsWith('nodejs_active_')) continue
    // Left out of a sum unless told otherwise: of several replicas it is the start of the oldest.
    if (metric.name === 'process_start_time_seconds') Object.assign(metric, { aggregator: 'min' })
    registry.registerMetric(metric as never)
  }
  for (const { read, ...metric } of metrics) {
    // prom-client offers no way to set a counter or a histogram from totals kept elsewhere; this is all it asks of one.
    const get = async () => ({ ...metric, values: await read() })
    registry.registerMetric({ ...metric, get, reset: () => {} } as never)
  }
  return registry
}

/** What runs, and how busy its event loop is: utilisation is active / (active + idle). */
export const processMetrics = (version: string): Metric[] => [
  gaugeBy('sluice_build_info', 'Version that runs', 'version', () => ({ [version]: 1 }), 'max'),
  counter('sluice_event_loop_active_seconds_total', 'Time the event loop worked', () =>
    seconds(performance.eventLoopUtilization().active),
  ),
  counter('sluice_event_loop_idle_seconds_total', 'Time the event loop waited for something to do', () =>
    seconds(performance.eventLoopUtilization().idle),
  ),
]

const seconds = (ms: number): number => ms / 1_000
