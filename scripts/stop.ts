/** `make stop`: ends the stack, its monitoring too, and makes sure that nothing of it is left. */

import { command } from './engine/command.ts'
import { composeFor, dockerReport } from './engine/docker.ts'
import { forgetEngine, runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { withLock } from './engine/lock.ts'
import { nativeReport, stopNative } from './engine/native.ts'
import { localSettings, type Settings } from './engine/settings.ts'
import { monitoringLayout } from './monitoring/layout.ts'
import { stopMonitoring } from './monitoring/native.ts'

/** @throws {EngineError} naming what still runs */
export async function stopStack(settings: Settings): Promise<void> {
  const layout = layoutOf(settings.config.PORT_BASE)
  if (runsOnDocker(layout)) {
    const compose = composeFor(settings)
    compose.show('--profile', 'monitoring', 'down', '--remove-orphans')
    refuseLeftovers(dockerReport(compose))
  }
  await stopNative({ settings, layout })
  refuseLeftovers(await nativeReport({ settings, layout }))
  forgetEngine(layout)
}

function refuseLeftovers(processes: readonly { name: string; pids: readonly number[] }[]): void {
  const left = processes.filter(({ pids }) => pids.length > 0)
  if (left.length === 0) return
  throw new EngineError(
    `still running: ${left.map(({ name, pids }) => `${name} (pid ${pids.join(', ')})`).join(', ')}`,
  )
}

if (import.meta.main) {
  await command(async () => {
    const settings = localSettings()
    const layout = layoutOf(settings.config.PORT_BASE)
    await withLock(layout, async () => {
      await stopStack(settings)
      await stopMonitoring(monitoringLayout(settings.config.PORT_BASE, layout))
    })
    console.log('stopped; nothing of Sluice is running')
  })
}
