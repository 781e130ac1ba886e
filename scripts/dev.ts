/** `make dev`: one replica without the edge, on the first replica's port, restarted at each change. Ctrl-C ends all. */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { command } from './engine/command.ts'
import { order } from './engine/control.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { requirePorts } from './engine/ports.ts'
import { replicaCommand, type Stack, scriptOn } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'
import { withInfrastructure } from './engine/with-infrastructure.ts'

function runOnce(stack: Stack, script: string): void {
  const { program, args, env } = scriptOn(stack, script)
  const { status } = spawnSync(program, args, { env, stdio: 'inherit' })
  if (status !== 0) throw new EngineError(`${script} failed; its words are above`)
}

await command(async () => {
  const settings = localSettings()
  const stack = { ...settings, layout: layoutOf(settings.config.PORT_BASE) }
  const { layout } = stack
  if ((await order(layout.run, { do: 'report' })) !== undefined) {
    throw new EngineError(
      'the whole stack is running: make stop first, or PORT_BASE=22000 make dev beside it',
    )
  }
  await requirePorts(
    new Map([
      ['the replica', layout.ports.replicas[0]],
      ['postgres', layout.ports.postgres],
    ]),
    settings.config.PORT_BASE,
  )
  await withInfrastructure(stack, async () => {
    runOnce(stack, 'scripts/migrate.ts')
    if (stack.config.DEMO) runOnce(stack, 'scripts/seed.ts')
    const { program, args, env } = replicaCommand(1, stack)
    const replica = spawn(program, ['--watch', ...args], { env, stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => replica.kill(signal))
    console.log(`http://localhost:${layout.ports.replicas[0]}/docs   Ctrl-C ends it`)
    await once(replica, 'exit')
  })
})
