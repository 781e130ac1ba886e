/** Durations in buckets, and quantiles read from them. */

import t from 'tap'
import { bucketOf, latencyBoundsMs, quantileOf } from '#kernel/histogram.ts'

const counted = (durations: readonly number[]): Float64Array => {
  const counts = new Float64Array(latencyBoundsMs.length + 1)
  for (const ms of durations) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1
  return counts
}

t.test('a duration falls into the first bucket whose bound it does not exceed', async (t) => {
  for (const [index, bound] of latencyBoundsMs.entries()) {
    t.equal(bucketOf(bound), index)
    t.equal(bucketOf(bound + 0.001), index + 1)
  }
  t.equal(bucketOf(0), 0)
  t.equal(bucketOf(1e9), latencyBoundsMs.length)
})

t.test('a quantile is off by no more than its bucket is wide', async (t) => {
  const durations = Array.from({ length: 1_000 }, (_, n) => ((n * 7_919) % 1_000) / 5)
  const sorted = [...durations].sort((a, b) => a - b)
  for (const quantile of [0.01, 0.5, 0.9, 0.99]) {
    const exact = sorted[Math.ceil(quantile * 1_000) - 1] ?? 0
    const bucket = bucketOf(exact)
    const [low, high] = [latencyBoundsMs[bucket - 1] ?? 0, latencyBoundsMs[bucket] ?? 0]
    const estimate = quantileOf(counted(durations), quantile)
    t.ok(estimate >= low && estimate <= high, `${quantile}: ${estimate} for ${exact}`)
  }
})

t.test('nothing counted is 0; what lies beyond the bounds is the last bound', async (t) => {
  t.equal(quantileOf(counted([]), 0.99), 0)
  t.equal(quantileOf(counted([20_000]), 0.99), 10_000)
  t.equal(quantileOf(counted([0.2, 20_000]), 0.25), 0.25)
  t.equal(quantileOf(counted([1]), 2), 10_000, 'more than all of them')
})
