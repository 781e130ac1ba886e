/** Alerts and dashboards ask for what a replica tells, by the names it tells it: a renamed metric would silence them. */

import t from 'tap'
import { application } from '#tests/support/application.ts'
import { alerts, dashboardQueries, metricsIn, recordings } from '#tests/support/monitoring-files.ts'

const parts: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] }

/** Names of the samples in a page of metrics. */
const samplesOf = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name = '', type = '']) =>
    (parts[type] ?? ['']).map((part) => `${name}${part}`),
  )

// Of Prometheus itself, and of Alertmanager: tests/system/monitoring.test.ts asks them.
const isTheirs = (name: string): boolean => /^(up|ALERTS|(prometheus|alertmanager)_.*)$/.test(name)

t.test('the names in an expression are found, labels and functions are not', async (t) => {
  t.same(
    metricsIn('sum by (le) (rate(a_bucket{x="b_c", y=~"d|e"}[5m])) / on (z) group_left a:b:c > bool 2 * 1e3'),
    ['a_bucket', 'a:b:c'],
  )
  t.same(metricsIn('up{job="replicas"} == 0 unless on (job) absent(x)'), ['up', 'x'])
})

t.test('every metric asked for is told by a replica or recorded by a rule', async (t) => {
  const { anonymous, config } = await application(t, () => ({ NGINX_STATUS: 'gateway=127.0.0.1:1' }))
  const { status, body } = await anonymous.get<string>('/internal/metrics', {
    headers: { authorization: `Bearer ${config.METRICS_TOKEN}` },
  })
  t.equal(status, 200)
  const known = new Set([...samplesOf(body), ...recordings().map(({ record }) => record)])
  const asked = [
    ...alerts().map(({ alert, expr }) => ({ by: `alert ${alert}`, expr })),
    ...recordings().map(({ record, expr }) => ({ by: `rule ${record}`, expr })),
    ...dashboardQueries().map(({ dashboard, panel, expr }) => ({ by: `${dashboard}, ${panel}`, expr })),
  ]
  for (const { by, expr } of asked) {
    const unknown = metricsIn(expr).filter((name) => !known.has(name) && !isTheirs(name))
    t.same(unknown, [], by)
  }
})
