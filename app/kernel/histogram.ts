/** Counts durations in fixed buckets: one array, no allocation a request. */

/** Upper bounds in milliseconds: fine where the objectives are (docs/observability.md), coarse beyond. */
export const latencyBoundsMs = [
  0.5, 1, 2, 3, 5, 7.5, 10, 15, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
] as const

/** The bucket of `ms`: an index into the bounds, or the one behind the last for everything longer. */
export function bucketOf(ms: number): number {
  let index = 0
  for (const bound of latencyBoundsMs) {
    if (ms <= bound) return index
    index++
  }
  return index
}

/** The `quantile` (0 to 1) of what was counted, in milliseconds: at most the upper bound of its bucket; 0 for nothing. */
export function quantileOf(counts: Float64Array, quantile: number): number {
  let total = 0
  for (const count of counts) total += count
  if (total === 0) return 0
  const rank = quantile * total
  let seen = 0
  let low = 0
  for (const [index, count] of counts.entries()) {
    // Behind the last bound nothing is known but that it was longer.
    const high = latencyBoundsMs[index] ?? low
    if (count > 0 && seen + count >= rank) return low + ((rank - seen) / count) * (high - low)
    seen += count
    low = high
  }
  return low
}
