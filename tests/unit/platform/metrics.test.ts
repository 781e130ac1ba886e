/** Metrics as Prometheus reads them, of one replica and summed over all. */

import { AggregatorRegistry } from 'prom-client'
import t from 'tap'
import { latencyBoundsMs } from '#kernel/histogram.ts'
import { tiers } from '#kernel/principal.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { openMetrics } from '#platform/metrics.ts'

const replica = (requests: number, state: Record<string, number> = {}) => {
  const counts = requestCounts(() => 0)
  const route = counts.addRoute('/api/v1/items/:id')
  counts.addRoute('/never')
  for (let each = 0; each < requests; each++) {
    counts.started()
    counts.finished(route, tiers.indexOf('pro'), each % 4 === 0 ? 404 : 200, 4)
  }
  counts.started()
  return openMetrics({
    requests: counts,
    version: '1.2.3',
    gauges: [{ name: 'sluice_breaker_open', help: 'Open breakers', label: 'breaker', read: () => state }],
  })
}

/** `name{labels} value` by everything before the value. */
const samples = (text: string): Map<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ')
        return [line.slice(0, at), Number(line.slice(at + 1))]
      }),
  )

t.test(
  'the text is what Prometheus reads: help and type once, then samples that belong to them',
  async (t) => {
    const text = await replica(8).metrics()
    const types = new Map<string, string>()
    const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
    const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\.)*"'
    const sample = new RegExp(`^(${name})(\\{(${label}(,${label})*)?\\})? (-?[0-9.e+-]+|N[Aa]N|Nan|[+-]Inf)$`)
    for (const line of text.split('\n')) {
      const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line)
      if (type) {
        t.notOk(types.has(String(type[1])), `${type[1]} is declared once`)
        types.set(String(type[1]), String(type[2]))
      } else if (line !== '' && !/^# HELP \S+ .+$/.test(line)) {
        const [, named = ''] = sample.exec(line) ?? []
        const base = types.has(named) ? named : named.replace(/_(bucket|sum|count)$/, '')
        if (!types.has(base)) t.fail(`no sample of a known metric: ${line}`)
      }
    }
    t.equal(types.get('http_requests_total'), 'counter')
    t.equal(types.get('http_request_duration_seconds'), 'histogram')
  },
)

t.test('requests are counted by route, tier and class; durations add up in their buckets', async (t) => {
  const values = samples(await replica(8).metrics())
  const of = (status: string) =>
    values.get(`http_requests_total{route="/api/v1/items/:id",tier="pro",status="${status}"}`)
  t.strictSame([of('2xx'), of('4xx'), of('5xx')], [6, 2, undefined])
  t.equal(values.get('http_requests_in_flight'), 1)
  t.equal(values.get('sluice_build_info{version="1.2.3"}'), 1)
  const bucket = (le: string) =>
    values.get(`http_request_duration_seconds_bucket{route="/api/v1/items/:id",le="${le}"}`)
  t.strictSame([bucket('0.003'), bucket('0.005'), bucket('10'), bucket('+Inf')], [0, 8, 8, 8])
  t.equal(values.get('http_request_duration_seconds_count{route="/api/v1/items/:id"}'), 8)
  t.equal(values.get('http_request_duration_seconds_sum{route="/api/v1/items/:id"}'), 0.032)
  const buckets = [...values.keys()].filter((key) => key.startsWith('http_request_duration_seconds_bucket'))
  t.equal(buckets.length, latencyBoundsMs.length + 1)
  t.notOk([...values.keys()].some((key) => key.includes('/never')))
})

t.test('the sum over replicas is the sum of each figure', async (t) => {
  const all = [replica(8, { reads: 1 }), replica(4, { reads: 1, writes: 1 }), replica(0)]
  const answers = await Promise.all(
    // As another replica gets it: over the wire.
    all.map(async (registry) => JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()))),
  )
  const values = samples(await AggregatorRegistry.aggregate(answers).metrics())
  t.equal(values.get('http_requests_total{route="/api/v1/items/:id",tier="pro",status="2xx"}'), 9)
  t.equal(values.get('http_requests_total{route="/api/v1/items/:id",tier="pro",status="4xx"}'), 3)
  t.equal(values.get('http_requests_in_flight'), 3)
  t.equal(values.get('http_request_duration_seconds_count{route="/api/v1/items/:id"}'), 12)
  const bucket = (le: string) =>
    values.get(`http_request_duration_seconds_bucket{route="/api/v1/items/:id",le="${le}"}`) ??
    values.get(`http_request_duration_seconds_bucket{le="${le}",route="/api/v1/items/:id"}`)
  t.strictSame([bucket('0.003'), bucket('0.005'), bucket('+Inf')], [0, 12, 12])
  t.equal(values.get('sluice_breaker_open{breaker="reads"}'), 2)
  t.equal(values.get('sluice_breaker_open{breaker="writes"}'), 1)
})
