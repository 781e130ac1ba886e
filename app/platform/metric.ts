/** One metric, read when somebody scrapes: how the parts of a replica say what they count, without counting twice. */

import type { CallKindCounts } from '#kernel/call-counts.ts'
import { latencyBoundsMs } from '#kernel/histogram.ts'

export interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>
  readonly value: number
  /** Unix seconds. */
  readonly timestamp: number
}

export interface Sample {
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
  /** Of a histogram's parts: `_bucket`, `_sum`, `_count` with the name before. */
  readonly metricName?: string
  readonly exemplar?: Exemplar | undefined
}

/** How the figures of several replicas become one. */
export type Aggregator = 'sum' | 'max' | 'min'

export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly aggregator: Aggregator
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>
}

type Figures = Readonly<Record<string, number>>

const bare = (value: number): Sample[] => [{ value, labels: {} }]
const by = (label: string, figures: Figures): Sample[] =>
  Object.entries(figures).map(([value, figure]) => ({ value: figure, labels: { [label]: value } }))

export const counter = (name: string, help: string, read: () => number): Metric => ({
  name,
  help,
  type: 'counter',
  aggregator: 'sum',
  read: () => bare(read()),
})

export const counterBy = (name: string, help: string, label: string, read: () => Figures): Metric => ({
  name,
  help,
  type: 'counter',
  aggregator: 'sum',
  read: () => by(label, read()),
})

/** A counter with more than one label. */
export const counterOf = (name: string, help: string, read: () => readonly Sample[]): Metric => ({
  name,
  help,
  type: 'counter',
  aggregator: 'sum',
  read,
})

export const gauge = (
  name: string,
  help: string,
  read: () => number,
  aggregator: Aggregator = 'sum',
): Metric => ({ name, help, type: 'gauge', aggregator, read: () => bare(read()) })

export const gaugeBy = (
  name: string,
  help: string,
  label: string,
  read: () => Figures,
  aggregator: Aggregator = 'sum',
): Metric => ({ name, help, type: 'gauge', aggregator, read: () => by(label, read()) })

/** Durations of calls by kind, in seconds. */
export const histogramBy = (
  name: string,
  help: string,
  label: string,
  read: () => readonly CallKindCounts[],
): Metric => ({
  name,
  help,
  type: 'histogram',
  aggregator: 'sum',
  read: () =>
    read().flatMap(({ kind, durations, durationSumMs }) =>
      histogramSamples(name, { [label]: kind }, durations, durationSumMs),
    ),
})

/** `exemplarOf` gets the bucket's index. */
export function histogramSamples(
  name: string,
  labels: Readonly<Record<string, string>>,
  durations: Float64Array,
  durationSumMs: number,
  exemplarOf?: (bucket: number) => Exemplar | undefined,
): Sample[] {
  let total = 0
  const buckets = [...durations].map((count, index): Sample => {
    total += count
    const bound = latencyBoundsMs[index]
    const le = bound === undefined ? '+Inf' : String(bound / 1_000)
    const exemplar = exemplarOf?.(index)
    return {
      metricName: `${name}_bucket`,
      labels: { ...labels, le },
      value: total,
      ...(exemplar && { exemplar }),
    }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: durationSumMs / 1_000 },
    { metricName: `${name}_count`, labels, value: total },
  ]
}
