/** New configuration for a running nginx: new workers begin with it, the old ones answer what they have and end. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findBinary } from './binaries.ts'
import { EngineError } from './engine-error.ts'
import { descendantsOf, signal } from './identity.ts'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { renderFile } from './nginx-config.ts'
import { nginxVariables, type Tier } from './nginx-variables.ts'
import { orphanOf } from './supervised.ts'

const reloadTimeoutMs = 10_000

/** Resolves once new workers run. Nothing to do while that nginx is down: it starts with the new configuration. */
export async function reloadNginx(tier: Tier, { settings, layout }: NativeStack): Promise<void> {
  const master = orphanOf(layout, tier)
  if (master === undefined) return
  const folder = join(layout.nginx, tier)
  renderFile(
    join(root, 'nginx', tier, 'replicas.conf.template'),
    join(folder, 'replicas.conf'),
    nginxVariables(tier, settings.config, layout),
  )
  const log = `${layout.log}/${tier}-error.log`
  const args = ['-q', '-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', log]
  const checked = spawnSync(findBinary('nginx'), args, { encoding: 'utf8' })
  if (checked.status !== 0) throw new EngineError(`nginx refuses the configuration: ${checked.stderr.trim()}`)
  const before = new Set(descendantsOf(master.pid))
  signal(master, 'SIGHUP')
  const deadline = performance.now() + reloadTimeoutMs
  while (descendantsOf(master.pid).every((pid) => before.has(pid))) {
    if (performance.now() > deadline)
      throw new EngineError(`${tier} does not take the new configuration (${log})`)
    await delay(20)
  }
}
