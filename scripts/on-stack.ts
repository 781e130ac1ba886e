/**
 * Runs a script of ours against the data of the stack, running or not, in either engine:
 *   node scripts/on-stack.ts scripts/demo-purge.ts [arguments]
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { command } from './engine/command.ts'
import { composeFor } from './engine/docker.ts'
import { runsOnDocker } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { scriptOn } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'
import { withInfrastructure } from './engine/with-infrastructure.ts'

await command(async () => {
  const [script, ...args] = process.argv.slice(2)
  if (script === undefined) throw new EngineError('which script? node scripts/on-stack.ts scripts/<name>.ts')
  const settings = localSettings()
  const stack = { ...settings, layout: layoutOf(settings.config.PORT_BASE) }
  if (runsOnDocker(stack.layout)) {
    return composeFor(settings).show('run', '--rm', 'migrate', 'node', script, ...args)
  }
  process.exitCode = await withInfrastructure(stack, async () => {
    const { program, args: all, env } = scriptOn(stack, script, args)
    const [code] = await once(spawn(program, all, { env, stdio: 'inherit' }), 'exit')
    return code ?? 1
  })
})
