/** New configuration for a running nginx: new workers begin with it, the old ones answer what they have and end. */

import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findBinary } from './binaries.ts'
import { EngineError } from './engine-error.ts'
import { descendantsOf, signal } from './identity.ts'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { disownRendered, isRendered, renderInto, renderNginx, type Variables } from './nginx-config.ts'
import { nginxVariables, type Tier } from './nginx-variables.ts'
import { orphanOf } from './supervised.ts'

const reloadTimeoutMs = 10_000

/** Reloads it when its files, or the settings in them, are others than it runs with. @returns whether they were */
export async function renewNginx(tier: Tier, stack: NativeStack): Promise<boolean> {
  const { settings, layout } = stack
  const variables = nginxVariables(tier, settings.config, layout)
  if (isRendered(templatesOf(tier), join(layout.nginx, tier), variables)) return false
  await reloadNginx(tier, stack)
  return true
}

/** Resolves once new workers alone take connections. Nothing to do while that nginx is down: it starts with the new configuration. */
export async function reloadNginx(tier: Tier, { settings, layout }: NativeStack): Promise<void> {
  const master = orphanOf(layout, tier)
  if (master === undefined) return
  const folder = join(layout.nginx, tier)
  const log = `${layout.log}/${tier}-error.log`
  const variables = nginxVariables(tier, settings.config, layout)
  refuseUnreadable(tier, `${folder}.next`, variables, log)
  renderInto(templatesOf(tier), folder, variables)
  const before = descendantsOf(master.pid)
  signal(master, 'SIGHUP')
  const deadline = performance.now() + reloadTimeoutMs
  const isDone = () =>
    descendantsOf(master.pid).some((pid) => !before.includes(pid)) && before.every(isLeaving)
  while (!isDone()) {
    if (performance.now() > deadline) {
      disownRendered(folder)
      throw new EngineError(`${tier} does not take the new configuration (${log}): make restart S=${tier}`)
    }
    await delay(20)
  }
}

const templatesOf = (tier: Tier): string => join(root, 'nginx', tier)

/** Beside the files it runs with, so that those stay whole. @throws {EngineError} with nginx's own words */
function refuseUnreadable(tier: Tier, folder: string, variables: Variables, log: string): void {
  try {
    renderNginx(templatesOf(tier), folder, variables)
    const args = ['-q', '-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', log]
    const { status, stderr } = spawnSync(findBinary('nginx'), args, { encoding: 'utf8' })
    if (status !== 0) throw new EngineError(`nginx refuses the configuration: ${stderr.trim()}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
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
