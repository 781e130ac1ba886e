/** What make monitor and make monitor-stop do, twice each: real servers, and nothing to scrape. */

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { layoutOf } from '#scripts/engine/layout.ts'
import { writeConfiguration } from '#scripts/monitoring/configuration.ts'
import { monitoringReport, startMonitoring, stopMonitoring } from '#scripts/monitoring/native.ts'
import { missingPrograms } from '#scripts/monitoring/servers.ts'
import { monitoringPlace } from '#tests/support/monitoring.ts'

const missing = missingPrograms()
const options =
  missing.length === 0
    ? {}
    : { skip: `${missing.join(', ')} not installed: none was started (scripts/bootstrap.sh monitoring)` }

t.test('started, started again, told nonsense, stopped, stopped again', options, async (t) => {
  const stack = layoutOf(1)
  const place = await monitoringPlace(t, stack)
  const write = () =>
    writeConfiguration({
      config: { REPLICAS: 3, METRICS_TOKEN: 'secret' },
      layout: stack,
      monitoring: place,
    })
  const start = async (): Promise<string[]> => {
    const said: string[] = []
    await startMonitoring(place, 0, (line) => said.push(line))
    return said
  }
  const states = async () => (await monitoringReport(place)).map(({ name, state }) => `${name} ${state}`)

  write()
  t.match(await start(), ['starting alertmanager', 'alertmanager is up', 'starting prometheus'])
  t.same(await states(), ['alertmanager up', 'prometheus up'])
  const before = (await monitoringReport(place)).map(({ pids }) => pids)

  write()
  t.match(await start(), [/alertmanager is running already/, /prometheus is running already/])
  t.same(
    (await monitoringReport(place)).map(({ pids }) => pids),
    before,
    'the same processes',
  )

  appendFileSync(join(place.prometheus, 'prometheus.yml'), 'nonsense: true\n')
  await t.rejects(start(), { name: 'EngineError', message: /prometheus refuses its new files: .*nonsense/s })
  t.same(await states(), ['alertmanager up', 'prometheus up'], 'with the files it had')

  await stopMonitoring(place)
  t.same(await states(), ['alertmanager down', 'prometheus down'])
  await stopMonitoring(place)
})
