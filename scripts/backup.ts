/** `make backup`: the database into FILE, while everything runs. */

import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { command } from './engine/command.ts'
import { runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { backUp } from './engine/postgres-backup.ts'
import { postgresAddress } from './engine/postgres-server.ts'
import { postgresOptions } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'
import { withInfrastructure } from './engine/with-infrastructure.ts'

await command(async () => {
  const settings = localSettings()
  const stack = { ...settings, layout: layoutOf(settings.config.PORT_BASE) }
  if (runsOnDocker(stack.layout)) throw new EngineError('in containers: docs/backup.md has the command')
  const time = new Date().toISOString().replaceAll(':', '').slice(0, 17)
  const file = resolve(process.env.FILE || join(stack.layout.state, 'backups', `sluice-${time}.dump`))
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  await withInfrastructure(stack, () => backUp(postgresAddress(postgresOptions(stack)), file))
  console.log(file)
})
