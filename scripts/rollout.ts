/** `make rollout`: the code of RELEASE, or of the clone, on one replica after the other. `make rollback`: what ran before. */

import { command } from './engine/command.ts'
import { fleetOf } from './engine/engine.ts'
import { layoutOf } from './engine/layout.ts'
import { rollback, rollout } from './engine/rollout.ts'
import { localSettings } from './engine/settings.ts'

await command(async () => {
  const settings = localSettings()
  const fleet = fleetOf({ settings, layout: layoutOf(settings.config.PORT_BASE) })
  const say = (line: string) => console.log(line)
  if (process.argv.includes('--back')) return rollback(fleet, say)
  await rollout(fleet, fleet.prepare(process.env.RELEASE || undefined), { hasMigrations: true, say })
})
