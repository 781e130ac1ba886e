/** New configuration for a running nginx: new workers begin with it, the old ones answer what they have and end. */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findBinary } from './binaries.ts'
import { EngineError } from './engine-error.ts'
import { descendantsOf, signal } from './identity.ts'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { renderInto } from './nginx-config.ts'
import { nginxVariables, type Tier } from './nginx-variables.ts'
import { orphanOf } from './supervised.ts'

const reloadTimeoutMs = 10_000

/** Resolves once new workers alone take connections. Nothing to do while that nginx is down: it starts with the new configuration. */
export async function reloadNginx(tier: Tier, { settings, layout }: NativeStack): Promise<void> {
  const master = orphanOf(layout, tier)
  if (master === undefined) return
  const folder = join(layout.nginx, tier)
  renderInto(join(root, 'nginx', tier), folder, nginxVariables(tier, settings.config, layout))
  const log = `${layout.log}/${tier}-error.log`
  const args = ['-q', '-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', log]
  const checked = spawnSync(findBinary('nginx'), args, { encoding: 'utf8' })
  if (checked.status !== 0) throw new EngineError(`nginx refuses the configuration: ${checked.stderr.trim()}`)
  const before = descendantsOf(master.pid)
  signal(master, 'SIGHUP')
  const deadline = performance.now() + reloadTimeoutMs
  const isDone = () =>
    descendantsOf(master.pid).some((pid) => !before.includes(pid)) && before.every(isLeaving)
  while (!isDone()) {
    if (performance.now() > deadline)
      throw new EngineError(`${tier} does not take the new configuration (${log})`)
    await delay(20)
  }
}

/** Its title says that a worker takes no more connections; one with long answers under way may live on for long. */
function isLeaving(pid: number): boolean {
  try {
    return !/worker process$/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/[\0 ]+$/, ''))
  } catch {
    // Ended, or no Linux.
    return true
  }
}
