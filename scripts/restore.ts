/** `make restore FILE=… YES=1`: a backup in the place of the database; what was there stays beside it. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { command } from './engine/command.ts'
import { order } from './engine/control.ts'
import { runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { restore } from './engine/postgres-backup.ts'
import { postgresAddress } from './engine/postgres-server.ts'
import { postgresOptions } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'
import { withInfrastructure } from './engine/with-infrastructure.ts'

await command(async () => {
  const settings = localSettings()
  const { config } = settings
  const stack = { ...settings, layout: layoutOf(config.PORT_BASE) }
  if (runsOnDocker(stack.layout)) throw new EngineError('in containers: docs/backup.md has the commands')
  const file = resolve(process.env.FILE ?? '')
  if (!process.env.FILE || !existsSync(file)) throw new EngineError('which backup? make restore FILE=… YES=1')
  if (process.env.YES !== '1') throw new EngineError(`YES=1 puts ${file} in the place of the database`)
  const former = await withInfrastructure(stack, () => restore(postgresAddress(postgresOptions(stack)), file))
  // Redis and the replicas hold answers from the former database.
  const names = ['redis', ...Array.from({ length: config.REPLICAS }, (_, index) => `api-${index + 1}`)]
  await order(stack.layout.run, { do: 'restart', names })
  console.log(`restored; the former database is ${former}`)
})
