/** `make restart`: every replica in turn, drained first; S=gateway restarts that process alone. */

import { command } from './engine/command.ts'
import { restartAll } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { replicaNames } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'

await command(async () => {
  const settings = localSettings()
  const names = process.env.S ? [process.env.S] : replicaNames(settings.config)
  const stack = { settings, layout: layoutOf(settings.config.PORT_BASE) }
  const say = (name: string) => console.log(`${name} is up again`)
  if (!(await restartAll(stack, names, say))) throw new EngineError('nothing is running: make run-local')
})
