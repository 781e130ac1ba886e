/** `make restart`: every replica in turn, drained first; S=gateway restarts that process alone. */

import { command } from './engine/command.ts'
import { order } from './engine/control.ts'
import { composeFor } from './engine/docker.ts'
import { runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { replicaNames } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'

await command(async () => {
  const settings = localSettings()
  const layout = layoutOf(settings.config.PORT_BASE)
  const names = process.env.S ? [process.env.S] : replicaNames(settings.config)
  for (const name of names) {
    if (runsOnDocker(layout)) composeFor(settings).show('restart', name)
    else if ((await order(layout.run, { do: 'restart', names: [name] })) === undefined) {
      throw new EngineError('nothing is running: make run-local')
    }
    console.log(`${name} is up again`)
  }
})
