/** `make monitor`: Prometheus and Alertmanager beside the stack; `make monitor-stop` (--stop) ends them, their data stays. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { command, table } from './engine/command.ts'
import { composeFor } from './engine/docker.ts'
import { reportOf, runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { statusOf } from './engine/http.ts'
import { type Layout, layoutOf, root } from './engine/layout.ts'
import { withLock } from './engine/lock.ts'
import { localSettings, type Settings } from './engine/settings.ts'
import { writeConfiguration } from './monitoring/configuration.ts'
import { composeServices, containerTable } from './monitoring/containers.ts'
import { monitoringLayout } from './monitoring/layout.ts'
import { monitoringReport, startMonitoring, stopMonitoring } from './monitoring/native.ts'
import { missingPrograms } from './monitoring/servers.ts'
import { statusTable } from './status.ts'

const began = performance.now()
const say = (line: string) =>
  console.log(`${`${((performance.now() - began) / 1_000).toFixed(1)} s`.padStart(7)}  ${line}`)

function requirePrograms(): void {
  if (missingPrograms().length === 0) return
  const { status } = spawnSync(join(root, 'scripts', 'bootstrap.sh'), ['monitoring'], { stdio: 'inherit' })
  if (status !== 0) throw new EngineError(`missing: ${missingPrograms().join(', ')}`)
}

async function monitorNative(settings: Settings, layout: Layout): Promise<void> {
  requirePrograms()
  const { config, given } = settings
  const monitoring = monitoringLayout(config.PORT_BASE, layout)
  const { RUNBOOKS_URL: runbooks } = given
  writeConfiguration({ config, layout, monitoring, ...(runbooks && { runbooks }) })
  await startMonitoring(monitoring, config.PORT_BASE, say)
  const isUp = (await reportOf(settings)).some(({ state }) => state === 'up')
  if (!isUp) say('the stack itself is down (make run-local): the alerts will say so')
  const { prometheus, alertmanager } = monitoring.ports
  // Debian's package has the older pages only.
  const isOld = (await statusOf({ port: prometheus, path: '/targets' })) === 404
  const pages = `http://localhost:${prometheus}${isOld ? '/classic' : ''}`
  console.log(`\n${statusTable(await monitoringReport(monitoring))}\n`)
  console.log(
    table(
      ['to see', 'at'],
      [
        ['what is scraped', `${pages}/targets`],
        ['every alert and its state', `${pages}/alerts`],
        ['what fires now', `amtool alert --alertmanager.url=http://localhost:${alertmanager}`],
        ['what each means', 'docs/runbooks/'],
        ['logs', monitoring.log],
      ],
    ),
  )
}

function monitorContainers(settings: Settings): void {
  const compose = composeFor(settings)
  compose.show('--profile', 'monitoring', 'up', '--detach', '--no-deps', ...composeServices)
  console.log(`\n${containerTable(settings.config.PORT_BASE)}`)
}

async function stop(settings: Settings, layout: Layout): Promise<void> {
  if (runsOnDocker(layout)) {
    composeFor(settings).show('--profile', 'monitoring', 'rm', '--stop', '--force', ...composeServices)
  }
  await stopMonitoring(monitoringLayout(settings.config.PORT_BASE, layout))
  console.log('monitoring is stopped; what it measured stays')
}

await command(async () => {
  const settings = localSettings()
  const layout = layoutOf(settings.config.PORT_BASE)
  await withLock(layout, async () => {
    if (process.argv.includes('--stop')) return stop(settings, layout)
    if (runsOnDocker(layout)) monitorContainers(settings)
    else await monitorNative(settings, layout)
  })
})
