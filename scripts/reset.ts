/** `make reset`: stops the stack and erases its data, secrets and logs. Asks first; YES=1 does not. */

import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { command } from './engine/command.ts'
import { composeFor, composeProgram } from './engine/docker.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { withLock } from './engine/lock.ts'
import { localSettings } from './engine/settings.ts'
import { erase } from './engine/stack.ts'
import { monitoringLayout } from './monitoring/layout.ts'
import { stopMonitoring } from './monitoring/native.ts'
import { stopStack } from './stop.ts'

async function confirm(state: string): Promise<void> {
  if (process.env.YES) return
  if (!process.stdin.isTTY)
    throw new EngineError('reset erases all data: YES=1 confirms it where nobody can be asked')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(
    `This erases the database, the secrets and the logs in ${state}. Type yes: `,
  )
  terminal.close()
  if (answer.trim() !== 'yes') throw new EngineError('nothing was erased')
}

await command(async () => {
  const settings = localSettings()
  const layout = layoutOf(settings.config.PORT_BASE)
  await confirm(layout.state)
  await withLock(layout, async () => {
    await stopStack(settings)
    // Volumes of containers outlive them, and outlive our memory of the engine.
    if (composeProgram() !== undefined)
      composeFor(settings).read('--profile', 'monitoring', 'down', '--volumes', '--remove-orphans')
    const monitoring = monitoringLayout(settings.config.PORT_BASE, layout)
    await stopMonitoring(monitoring)
    erase(layout)
    rmSync(monitoring.state, { recursive: true, force: true })
  })
  console.log('erased; make run-local begins anew')
})
