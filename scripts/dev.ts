/** `make dev`: one replica without the edge, on the first replica's port, restarted at each change. Ctrl-C ends all. */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applicationRole } from '#platform/postgres-login.ts'
import { command } from './engine/command.ts'
import { order } from './engine/control.ts'
import { composeFor } from './engine/docker.ts'
import { chosenEngine } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { requirePorts } from './engine/ports.ts'
import { replicaCommand, type Stack, scriptOn } from './engine/process-table.ts'
import { localSettings } from './engine/settings.ts'
import { withInfrastructure } from './engine/with-infrastructure.ts'
import { ensureSecrets } from './secrets.ts'

// From the first moment: Ctrl-C while the servers start must end them as well.
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())

type Addresses = Readonly<Record<string, string>>

interface Servers {
  /** For what works as the owner of the database. */
  readonly jobs: Addresses
  readonly replica: Addresses
}

/** Postgres and Redis of docker-compose.yml, published on loopback; they go on running, as containers do. */
function serversInContainers({ layout, config, given }: Stack): Servers {
  const compose = composeFor({ config, given, unknown: [] })
  const files = ['-f', 'docker-compose.yml', '-f', 'deploy/docker/dev.yml']
  compose.show(...files, 'up', '--detach', 'postgres', 'redis')
  // Secrets of its own: the containers' Postgres knows other passwords than a native one here.
  const secrets = join(layout.state, 'dev-secrets')
  ensureSecrets(secrets)
  for (const name of ['postgres-password', 'postgres-app-password']) {
    const inside = `/var/lib/sluice/secrets/${name}`
    const password = compose.read(...files, 'exec', '-T', 'postgres', 'cat', inside)
    writeFileSync(join(secrets, name), password.trim(), { mode: 0o600 })
  }
  const addressesAs = (user: string): Addresses => ({
    SECRETS_DIR: secrets,
    DATABASE_URL: `postgres://${user}@127.0.0.1:${layout.ports.postgres}/sluice`,
    REDIS_URL: `redis://127.0.0.1:${layout.ports.redis}/0`,
  })
  return { jobs: addressesAs('sluice'), replica: addressesAs(applicationRole) }
}

async function develop(stack: Stack, servers: Servers = { jobs: {}, replica: {} }): Promise<void> {
  runOnce(stack, 'scripts/migrate.ts', servers.jobs)
  if (stack.config.DEMO) runOnce(stack, 'scripts/seed.ts', servers.jobs)
  const { program, args, env } = replicaCommand(1, stack)
  if (interrupted.signal.aborted) return
  // There is no edge in front: what it does for browsers is done by the replica.
  const settings = { ...env, ...servers.replica, SERVE_CORS: 'true' }
  const replica = spawn(program, ['--watch', ...args], { env: settings, stdio: 'inherit' })
  interrupted.signal.addEventListener('abort', () => replica.kill('SIGTERM'))
  console.log(`http://localhost:${stack.layout.ports.replicas[0]}/docs   Ctrl-C ends it`)
  await once(replica, 'exit')
}

function runOnce(stack: Stack, script: string, addresses: Addresses): void {
  const { program, args, env } = scriptOn(stack, script, [], addresses)
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
  if (chosenEngine(settings) === 'docker') return develop(stack, serversInContainers(stack))
  await requirePorts(
    new Map([
      ['the replica', layout.ports.replicas[0]],
      ['postgres', layout.ports.postgres],
    ]),
    settings.config.PORT_BASE,
  )
  await withInfrastructure(stack, () => develop(stack))
})
