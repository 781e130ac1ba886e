/** What is rare is kept whole; of what is frequent an even, bounded share, which says how many each stands for. */

import t from 'tap'
import { RequestSampler, Sampler } from '#kernel/sampling.ts'

const taken = (sampler: Sampler, count: number): number[] =>
  Array.from({ length: count }, () => sampler.take()).filter((weight) => weight > 0)
const sum = (weights: readonly number[]): number => weights.reduce((total, weight) => total + weight, 0)

t.test('up to the bound everything is kept, each standing for itself', async (t) => {
  const sampler = new Sampler(10)
  for (let second = 0; second < 3; second++) {
    t.strictSame(taken(sampler, 10), Array(10).fill(1))
    sampler.tick()
  }
})

t.test('above it one in so many, and together they stand for all', async (t) => {
  const sampler = new Sampler(10)
  taken(sampler, 1_000)
  sampler.tick()
  const weights = taken(sampler, 1_000)
  t.strictSame(weights, Array(10).fill(100))
  sampler.tick()
  t.equal(sum(taken(sampler, 1_000)), 1_000)
})

t.test('a burst that nothing announced stays bounded', async (t) => {
  const weights = taken(new Sampler(10), 100_000)
  t.ok(weights.length <= 10 * 15, `${weights.length} kept`)
})

t.test('when it is quiet again everything is kept', async (t) => {
  const sampler = new Sampler(10)
  taken(sampler, 1_000)
  sampler.tick()
  sampler.tick()
  t.strictSame(taken(sampler, 5), [1, 1, 1, 1, 1])
})

t.test('failed and slow requests are never left out; refusals do not crowd out successes', async (t) => {
  const sampler = new RequestSampler({ perSecond: 2, slowMs: 100 })
  const weigh = (status: number, durationMs: number, count: number): number[] =>
    Array.from({ length: count }, () => sampler.weightOf({ status, durationMs })).filter(
      (weight) => weight > 0,
    )
  t.equal(weigh(500, 1, 50).length, 50)
  t.equal(weigh(200, 100, 50).length, 50)
  t.ok(weigh(200, 99, 50).length < 50)
  sampler.tick()
  sampler.tick()
  t.ok(weigh(429, 1, 50).length < 50)
  t.equal(weigh(200, 1, 2).length, 2)
  sampler.tick()
  t.ok(weigh(429, 1, 50).length <= 4)
})

t.test('where failed and slow requests are bounded too, those kept stand for all', async (t) => {
  const sampler = new RequestSampler({ perSecond: 2, notablePerSecond: 10, slowMs: 100 })
  const weigh = (): number[] =>
    Array.from({ length: 1_000 }, () => sampler.weightOf({ status: 503, durationMs: 1 })).filter(
      (weight) => weight > 0,
    )
  weigh()
  sampler.tick()
  t.strictSame(weigh(), Array(10).fill(100))
})
