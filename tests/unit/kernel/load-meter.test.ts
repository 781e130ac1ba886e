/** Rates and quantiles of the last beats, and those of several replicas together. */

import t from 'tap'
import { bucketOf, latencyBoundsMs } from '#kernel/histogram.ts'
import { loadMeter, summed } from '#kernel/load-meter.ts'
import { fakeClock } from '#tests/support/clock.ts'

function scene() {
  const clock = fakeClock()
  const durations = new Float64Array(latencyBoundsMs.length + 1)
  const totals = { requests: 0, errors: 0, rejected: 0 }
  const meter = loadMeter(() => ({ ...totals, durations: durations.slice() }), clock.now)
  const answer = (count: number, ms: number): void => {
    totals.requests += count
    durations[bucketOf(ms)] = (durations[bucketOf(ms)] ?? 0) + count
  }
  return { clock, totals, meter, answer }
}

const idle = { requestsPerSecond: 0, errorsPerSecond: 0, rejectedPerSecond: 0, p50Ms: 0, p99Ms: 0 }

t.test(
  'rates are those since the start until there are four beats, then those of the last four',
  async (t) => {
    const { clock, totals, meter, answer } = scene()
    t.match(meter(), idle, 'no time has passed')
    answer(10, 4)
    totals.errors += 1
    totals.rejected += 2
    clock.advance(500)
    t.match(meter(), { requestsPerSecond: 20, errorsPerSecond: 2, rejectedPerSecond: 4 })
    for (const seconds of [1, 1.5, 2]) {
      clock.advance(500)
      t.match(
        meter(),
        { requestsPerSecond: Math.round(1_000 / seconds) / 100 },
        'one burst, told over a longer time',
      )
    }
    clock.advance(500)
    t.match(meter(), idle, 'the burst is older than the window')
  },
)

t.test('quantiles are of the window, not of the start', async (t) => {
  const { clock, meter, answer } = scene()
  answer(100, 9_000)
  for (let beat = 0; beat < 5; beat++) {
    clock.advance(500)
    meter()
  }
  answer(100, 4)
  clock.advance(500)
  const { p50Ms, p99Ms } = meter()
  t.ok(p50Ms > 3 && p50Ms <= 5)
  t.ok(p99Ms > 3 && p99Ms <= 5)
})

t.test('several loads are one: rates add up, quantiles come from all durations', async (t) => {
  const [one, two] = [scene(), scene()]
  one.answer(98, 4)
  two.answer(2, 900)
  one.clock.advance(1_000)
  two.clock.advance(1_000)
  const all = summed([one.meter(), two.meter(), { ...idle, durations: [] }])
  t.equal(all.requestsPerSecond, 100)
  t.ok(all.p50Ms <= 5, 'most are fast')
  t.ok(all.p99Ms > 500, 'the slow ones of one replica are the slowest of all')
  t.strictSame(summed([]), idle)
})
