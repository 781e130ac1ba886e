/** `make logs`: the latest lines of every process, and what follows on a terminal; S=api-1 for one. */

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { command } from './engine/command.ts'
import { composeFor } from './engine/docker.ts'
import { runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { localSettings } from './engine/settings.ts'

await command(async () => {
  const settings = localSettings()
  const layout = layoutOf(settings.config.PORT_BASE)
  const wanted = process.env.S ? [process.env.S] : []
  const isFollowed = process.stdout.isTTY
  if (runsOnDocker(layout)) {
    return composeFor(settings).show('logs', '--tail=50', ...(isFollowed ? ['--follow'] : []), ...wanted)
  }
  const [name] = wanted
  const files = (existsSync(layout.log) ? readdirSync(layout.log) : []).filter(
    (file) =>
      file.endsWith('.log') &&
      (name === undefined || basename(file, '.log') === name || file.startsWith(`${name}-`)),
  )
  if (files.length === 0) throw new EngineError(`S=${name ?? ''}: there is no such log in ${layout.log}`)
  process.on('SIGINT', () => undefined)
  const follow = isFollowed ? ['-F'] : []
  spawnSync('tail', ['-n', '50', ...follow, ...files], { cwd: layout.log, stdio: 'inherit' })
})
