/** The rules and who is told of them, by the judgement of Prometheus's and Alertmanager's own tools. */

import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { locate } from '#scripts/engine/binaries.ts'
import { layoutOf } from '#scripts/engine/layout.ts'
import { writeConfiguration } from '#scripts/monitoring/configuration.ts'
import { monitoringLayout } from '#scripts/monitoring/layout.ts'
import { alerts, monitoringFolder, readYaml } from '#tests/support/monitoring-files.ts'

const run = promisify(execFile)
const missing = ['promtool', 'amtool'].filter((name) => locate(name) === undefined)
const needsTools =
  missing.length === 0
    ? { timeout: 300_000 }
    : {
        skip: `${missing.join(', ')} not installed: the rules were not tried (scripts/bootstrap.sh monitoring)`,
      }

interface TestFile {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string
      readonly exp_alerts: readonly unknown[]
    }[]
  }[]
}

t.test('Prometheus and Alertmanager accept what make monitor writes', needsTools, async (t) => {
  const layout = layoutOf(47_000, t.testdir())
  const monitoring = monitoringLayout(47_000, layout)
  writeConfiguration({ config: { REPLICAS: 2, METRICS_TOKEN: 'secret' }, layout, monitoring })
  const checked = await run('promtool', ['check', 'config', join(monitoring.prometheus, 'prometheus.yml')])
  t.match(checked.stdout, /is valid prometheus config file syntax/)
  await run('amtool', ['check-config', join(monitoring.alertmanager, 'alertmanager.yml')])
  const discovered = await run('promtool', [
    'check',
    'service-discovery',
    join(monitoring.prometheus, 'prometheus.yml'),
    'replicas',
  ])
  const addresses = [...discovered.stdout.matchAll(/"__address__": "([^"]+)"/g)].map(([, address]) => address)
  t.same([...new Set(addresses)].sort(), ['127.0.0.1:47001', '127.0.0.1:47002'])
})

const testFiles = globSync('prometheus/tests/*.test.yml', { cwd: monitoringFolder }).sort()

t.test('each rule gives what its test expects', needsTools, async (t) => {
  t.ok(testFiles.length > 0)
  const folder = join(monitoringFolder, 'prometheus')
  for (const file of testFiles) {
    const failure = await run('promtool', ['test', 'rules', join(monitoringFolder, file)], {
      cwd: folder,
    }).then(
      () => undefined,
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
    )
    t.equal(failure, undefined, file)
  }
})

t.test('each alert is seen to fire and seen to keep quiet', async (t) => {
  const tried = testFiles
    .flatMap((file) => readYaml<TestFile>(file).tests)
    .flatMap((one) => one.alert_rule_test ?? [])
  for (const { alert } of alerts()) {
    const expected = tried.filter(({ alertname }) => alertname === alert)
    t.ok(
      expected.some(({ exp_alerts }) => exp_alerts.length > 0),
      `${alert} fires`,
    )
    // It is there to fire always.
    if (alert === 'Watchdog') continue
    t.ok(
      expected.some(({ exp_alerts }) => exp_alerts.length === 0),
      `${alert} keeps quiet`,
    )
  }
})

t.test(
  'a page wakes somebody, a ticket does not, the watchdog is for whoever is to miss it',
  needsTools,
  async (t) => {
    const receiverOf = async (...labels: readonly string[]): Promise<string> => {
      const file = join(monitoringFolder, 'alertmanager', 'alertmanager.yml')
      return (
        await run('amtool', ['config', 'routes', 'test', `--config.file=${file}`, ...labels])
      ).stdout.trim()
    }
    t.equal(await receiverOf('alertname=Watchdog', 'severity=none'), 'watchdog')
    for (const severity of ['page', 'ticket'])
      t.equal(await receiverOf('alertname=Any', `severity=${severity}`), severity)
  },
)
