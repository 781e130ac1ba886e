/** `make rollout`: the code of RELEASE, or of the clone, on one replica after the other. `make rollback`: what ran before. */

import { command } from './engine/command.ts'
import { runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf, root } from './engine/layout.ts'
import { unpack } from './engine/releases.ts'
import { rollback, rollout } from './engine/rollout.ts'
import { localSettings } from './engine/settings.ts'

await command(async () => {
  const settings = localSettings()
  const layout = layoutOf(settings.config.PORT_BASE)
  if (runsOnDocker(layout))
    throw new EngineError('containers are replaced by docker-compose: docs/deploys.md has the commands')
  const stack = { settings, layout }
  const say = (line: string) => console.log(line)
  if (process.argv.includes('--back')) return rollback(stack, say)
  const folder = process.env.RELEASE ? unpack(layout, process.env.RELEASE) : root
  await rollout(stack, folder, { hasMigrations: true, say })
})
