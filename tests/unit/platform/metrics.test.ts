/** Metrics as Prometheus reads them, of one replica and summed over all. */

import t from 'tap'
import { latencyBoundsMs } from '#kernel/histogram.ts'
import { tiers } from '#kernel/principal.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { exposition, type MetricFigures, mediaTypeFor } from '#platform/exposition.ts'
import { gaugeBy } from '#platform/metric.ts'
import { openMetrics, processMetrics } from '#platform/metrics.ts'
import { requestMetrics } from '#platform/request-metrics.ts'

const plain = mediaTypeFor(undefined)
const open = mediaTypeFor('application/openmetrics-text;version=1.0.0,text/plain;q=0.5')
const seen = (timestamp: number) => ({ labelSet: { trace_id: 'a'.repeat(32) }, value: 0.004, timestamp })

/** As another replica gets it: over the wire. */
async function replica(requests: number, state: Record<string, number> = {}, seenAt = 0) {
  const counts = requestCounts()
  const route = counts.addRoute('/api/v1/items/:id', 'GET')
  const writing = counts.addRoute('/api/v1/items', 'POST')
  counts.addRoute('/never', 'GET')
  for (let each = 0; each < requests; each++) {
    counts.started()
    counts.finished(route, tiers.indexOf('pro'), each % 4 === 0 ? 404 : 200, 4)
  }
  counts.started()
  counts.finished(writing, tiers.indexOf('free'), 201, 700)
  counts.started()
  const metrics = openMetrics([
    ...processMetrics('1.2.3'),
    ...requestMetrics({
      requests: counts,
      refusals: () => ({ not_found: 2 }),
      exemplarOf: (index, bucket) =>
        seenAt > 0 && index === route && latencyBoundsMs[bucket] === 5 ? seen(seenAt) : undefined,
    }),
    gaugeBy('sluice_breaker_open', 'Open breakers', 'breaker', () => state, 'max'),
  ])
  const figures = JSON.parse(JSON.stringify(await metrics.getMetricsAsJSON())) as MetricFigures[]
  // As of a histogram of prom-client's own, once there was something to count.
  const values = [{ value: 1, labels: { kind: 'minor', le: '1' }, exemplar: null }]
  return [...figures, { name: 'gc', help: 'Pauses', type: 'gauge', aggregator: 'sum', values }]
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
    const text = await exposition([await replica(8)], plain)
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
    t.equal(types.get('process_start_time_seconds'), 'gauge')
  },
)

t.test('requests are counted by route, tier and class; durations add up in their buckets', async (t) => {
  const values = samples(await exposition([await replica(8)], plain))
  const of = (status: string) =>
    values.get(`http_requests_total{method="GET",route="/api/v1/items/:id",tier="pro",status="${status}"}`)
  t.strictSame(
    [of('2xx'), of('4xx'), of('5xx'), of('3xx')],
    [6, 2, 0, undefined],
    'no error yet is a figure too',
  )
  t.equal(values.get('http_requests_in_flight'), 1)
  t.equal(values.get('sluice_build_info{version="1.2.3"}'), 1)
  t.equal(values.get('sluice_refusals_total{code="not_found"}'), 2)
  t.equal(values.get('sluice_writes_total{resource="items"}'), 1)
  const labels = 'method="GET",route="/api/v1/items/:id"'
  const bucket = (le: string) => values.get(`http_request_duration_seconds_bucket{${labels},le="${le}"}`)
  t.strictSame([bucket('0.003'), bucket('0.005'), bucket('10'), bucket('+Inf')], [0, 8, 8, 8])
  t.equal(values.get(`http_request_duration_seconds_count{${labels}}`), 8)
  t.equal(values.get(`http_request_duration_seconds_sum{${labels}}`), 0.032)
  t.notOk([...values.keys()].some((key) => key.includes('/never')))
})

t.test(
  'the sum over replicas is the sum of each figure, or the greatest where a sum says nothing',
  async (t) => {
    const all = await Promise.all([
      replica(8, { reads: 1 }),
      replica(4, { reads: 1, writes: 0.5 }),
      replica(0),
    ])
    const values = samples(await exposition(all, plain))
    const requests = 'method="GET",route="/api/v1/items/:id",tier="pro"'
    t.equal(values.get(`http_requests_total{${requests},status="2xx"}`), 9)
    t.equal(values.get(`http_requests_total{${requests},status="4xx"}`), 3)
    t.equal(values.get('http_requests_in_flight'), 3)
    t.equal(values.get('sluice_build_info{version="1.2.3"}'), 1)
    t.equal(values.get('sluice_breaker_open{breaker="reads"}'), 1)
    t.equal(values.get('sluice_breaker_open{breaker="writes"}'), 0.5)
    const labels = 'method="GET",route="/api/v1/items/:id"'
    const bucket = (le: string) => values.get(`http_request_duration_seconds_bucket{${labels},le="${le}"}`)
    t.strictSame([bucket('0.003'), bucket('0.005'), bucket('+Inf')], [0, 12, 12])
  },
)

t.test('OpenMetrics has the latest exemplar of each bucket, which leads to a trace', async (t) => {
  const all = await Promise.all([replica(8, {}, 100), replica(4, {}, 200)])
  const text = await exposition(all, open)
  t.match(text, '# TYPE http_requests counter\n')
  t.match(text, /^http_requests_total\{.*\} 9$/m)
  t.match(
    text,
    /_bucket\{method="GET",route="\/api\/v1\/items\/:id",le="0\.005"\} 12 # \{trace_id="a{32}"\} 0\.004 200$/m,
  )
  t.equal(text.match(/trace_id/g)?.length, 1)
  t.match(text, /# EOF\n$/)
  t.notMatch(await exposition(all, plain), 'trace_id', 'the older format cannot carry them')
})
