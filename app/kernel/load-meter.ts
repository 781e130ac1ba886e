/** What a replica did lately: rates and durations over the last beats, told from totals that only ever grow. */

import { latencyBoundsMs, quantileOf } from './histogram.ts'

/** Since the start. */
export interface LoadTotals {
  readonly requests: number
  /** Answered 5xx, but for those that were shed. */
  readonly errors: number
  /** Refused for a quota, or shed. */
  readonly rejected: number
  /** By the buckets of `histogram.ts`. */
  readonly durations: Float64Array
}

export interface Load {
  readonly requestsPerSecond: number
  readonly errorsPerSecond: number
  readonly rejectedPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** What the quantiles are of: those of several replicas come from the sum of these. */
  readonly durations: readonly number[]
}

/** Two seconds at two beats a second: short enough to be live, long enough for a 99th percentile. */
const windowBeats = 4

/** Each call is a beat, and tells of the last few. `now`: monotonic milliseconds. */
export function loadMeter(totals: () => LoadTotals, now: () => number): () => Load {
  interface Beat {
    readonly at: number
    readonly totals: LoadTotals
  }
  const beats: Beat[] = [{ at: now(), totals: totals() }]

  return () => {
    const last: Beat = { at: now(), totals: totals() }
    beats.push(last)
    if (beats.length > windowBeats + 1) beats.shift()
    const first = beats[0] as Beat
    const seconds = (last.at - first.at) / 1_000
    const rate = (figure: 'requests' | 'errors' | 'rejected'): number =>
      seconds > 0 ? rounded((last.totals[figure] - first.totals[figure]) / seconds) : 0
    const durations = last.totals.durations.map(
      (count, index) => count - (first.totals.durations[index] as number),
    )
    return {
      requestsPerSecond: rate('requests'),
      errorsPerSecond: rate('errors'),
      rejectedPerSecond: rate('rejected'),
      ...quantilesOf(durations),
      durations: [...durations],
    }
  }
}

const quantilesOf = (durations: Float64Array): Pick<Load, 'p50Ms' | 'p99Ms'> => ({
  p50Ms: rounded(quantileOf(durations, 0.5)),
  p99Ms: rounded(quantileOf(durations, 0.99)),
})

/** Of all of them together. */
export function summed(loads: readonly Load[]): Omit<Load, 'durations'> {
  const durations = new Float64Array(latencyBoundsMs.length + 1)
  for (const load of loads) {
    for (const [index, count] of load.durations.entries())
      durations[index] = (durations[index] as number) + count
  }
  const total = (figure: 'requestsPerSecond' | 'errorsPerSecond' | 'rejectedPerSecond'): number =>
    rounded(loads.reduce((sum, load) => sum + load[figure], 0))
  return {
    requestsPerSecond: total('requestsPerSecond'),
    errorsPerSecond: total('errorsPerSecond'),
    rejectedPerSecond: total('rejectedPerSecond'),
    ...quantilesOf(durations),
  }
}

const rounded = (figure: number): number => Math.round(figure * 100) / 100
