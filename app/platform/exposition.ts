/** Metrics as Prometheus reads them: of one replica, or of several as one. prom-client adds up and writes. */

import { AggregatorRegistry, Registry } from 'prom-client'
import type { Exemplar } from './metric.ts'

/** What prom-client's `getMetricsAsJSON` gives, and what replicas send one another. */
export interface MetricFigures {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly aggregator: string
  readonly values: readonly {
    readonly value: number
    readonly labels: Readonly<Record<string, string>>
    readonly metricName?: string
    /** prom-client's own histograms write null for none. */
    readonly exemplar?: Exemplar | null
  }[]
}

const { PROMETHEUS_CONTENT_TYPE: plain, OPENMETRICS_CONTENT_TYPE: openMetrics } = Registry

/** OpenMetrics, which alone has exemplars, for who asks for it. */
export const mediaTypeFor = (accept: string | undefined): string =>
  accept?.includes('application/openmetrics-text') ? openMetrics : plain

/** @param replicas - the figures of each */
export async function exposition(
  replicas: readonly (readonly MetricFigures[])[],
  mediaType: string,
): Promise<string> {
  const isOpen = mediaType === openMetrics
  const summed = AggregatorRegistry.aggregate(replicas as unknown as object[])
  const exemplars = isOpen ? latestExemplars(replicas) : undefined
  const registry = new Registry()
  registry.setContentType(mediaType as never)
  for (const metric of (await summed.getMetricsAsJSON()) as unknown as MetricFigures[]) {
    const name = isOpen ? familyName(metric) : metric.name
    const values = metric.values.map((value) => ({ ...value, exemplar: exemplars?.get(keyOf(name, value)) }))
    registry.registerMetric({ name, get: async () => ({ ...metric, name, values }) } as never)
  }
  return registry.metrics()
}

// OpenMetrics names a counter without its ending, and prom-client adds it to the samples.
const familyName = ({ name, type }: MetricFigures): string =>
  type === 'counter' ? name.replace(/_total$/, '') : name

const keyOf = (name: string, { metricName, labels }: MetricFigures['values'][number]): string =>
  `${metricName ?? name} ${JSON.stringify(Object.entries(labels).sort())}`

// prom-client's sum leaves exemplars out: of each bucket the latest of all replicas stays.
function latestExemplars(replicas: readonly (readonly MetricFigures[])[]): Map<string, Exemplar> {
  const latest = new Map<string, Exemplar>()
  for (const metric of replicas.flat()) {
    for (const value of metric.values) {
      if (value.exemplar === undefined || value.exemplar === null) continue
      const key = keyOf(metric.name, value)
      const known = latest.get(key)
      if (known === undefined || known.timestamp < value.exemplar.timestamp) latest.set(key, value.exemplar)
    }
  }
  return latest
}
