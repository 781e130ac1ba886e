/** `make restore FILE=… YES=1`: a backup in the place of the database; what was there stays beside it. */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { command } from './engine/command.ts'
import { restartAll } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf, root } from './engine/layout.ts'
import { restore } from './engine/postgres-backup.ts'
import { replicaNames } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'
import { withDatabase } from './engine/with-infrastructure.ts'

await command(async () => {
  const settings = localSettings()
  const stack = { ...settings, layout: layoutOf(settings.config.PORT_BASE) }
  const file = resolve(process.env.FILE ?? '')
  if (!process.env.FILE || !existsSync(file)) throw new EngineError('which backup? make restore FILE=… YES=1')
  if (process.env.YES !== '1') throw new EngineError(`YES=1 puts ${file} in the place of the database`)
  const former = await withDatabase(stack, (programs) => restore(programs, file))
  // A backup of an earlier version lacks what came since, and none carries what the cluster and the extensions keep.
  const migrating = [join(root, 'scripts', 'on-stack.ts'), 'scripts/migrate.ts']
  if (spawnSync(process.execPath, migrating, { stdio: 'inherit' }).status !== 0)
    throw new EngineError(`restored, but not migrated; the former database is ${former}`)
  // Redis and the replicas hold answers from the former database.
  await restartAll({ settings, layout: stack.layout }, ['redis', ...replicaNames(settings.config)])
  console.log(`restored; the former database is ${former}`)
})
