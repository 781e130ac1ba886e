/** `make backup`: the database into FILE, while everything runs. */

import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { command } from './engine/command.ts'
import { layoutOf } from './engine/layout.ts'
import { backUp } from './engine/postgres-backup.ts'
import { localSettings } from './engine/settings.ts'
import { withDatabase } from './engine/with-infrastructure.ts'

await command(async () => {
  const settings = localSettings()
  const stack = { ...settings, layout: layoutOf(settings.config.PORT_BASE) }
  const time = new Date().toISOString().replaceAll(':', '').slice(0, 17)
  const file = resolve(process.env.FILE || join(stack.layout.state, 'backups', `sluice-${time}.dump`))
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  await withDatabase(stack, (programs) => backUp(programs, file))
  console.log(file)
})
