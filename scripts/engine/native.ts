/** The native engine: a stack of processes of this machine, kept by the supervisor. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ensureSecrets } from '#scripts/secrets.ts'
import { findBinary, findPostgresBinary } from './binaries.ts'
import { type Answer, order } from './control.ts'
import { EngineError } from './engine-error.ts'
import { forget, isAlive, recorded, signal } from './identity.ts'
import { type Layout, makeFolders, root } from './layout.ts'
import { requirePorts } from './ports.ts'
import { reasonIn } from './process.ts'
import { processTable, servicesOf } from './process-table.ts'
import { fingerprintOf, type Settings, surroundings } from './settings.ts'
import type { ProcessReport, StackReport } from './stack-run.ts'
import { endGently, orphanOf } from './supervised.ts'

export interface NativeStack {
  readonly settings: Settings
  readonly layout: Layout
}

type Listener = (report: StackReport) => void

const tableOf = ({ settings: { config, given }, layout }: NativeStack) =>
  processTable({ config, given, layout })

/** What every process is doing, also when nothing runs. */
export async function nativeReport(stack: NativeStack): Promise<readonly ProcessReport[]> {
  const answer = await order(stack.layout.run, { do: 'report' })
  if (answer !== undefined) return answer.report.processes
  return servicesOf(tableOf(stack)).map(({ name, address }) => {
    const orphan = orphanOf(stack.layout, name)
    if (orphan === undefined) return { name, address, pids: [], state: 'down' as const }
    return {
      name,
      address,
      pids: [orphan.pid],
      state: 'up' as const,
      problem: 'nobody watches it: make run-local',
    }
  })
}

/** How the stack stands towards these settings. */
export async function nativeCondition(
  stack: NativeStack,
): Promise<'whole' | 'damaged' | 'other-settings' | 'down'> {
  const answer = await order(stack.layout.run, { do: 'report' })
  if (answer === undefined) return 'down'
  if (answer.fingerprint !== fingerprintOf(stack.settings.given)) return 'other-settings'
  const { phase, processes } = answer.report
  return phase === 'running' && processes.every(({ state }) => state === 'up') ? 'whole' : 'damaged'
}

/**
 * Brings up what is down and waits until all of it answers.
 * @throws {EngineError} saying what failed; what this call started is ended again
 */
export async function startNative(stack: NativeStack, listener: Listener = () => undefined): Promise<Answer> {
  const { layout } = stack
  const isNew = (await order(layout.run, { do: 'repair' })) === undefined
  // Left by an earlier supervisor, and perhaps serving: not what this call started.
  const hasOrphans = isNew && servicesOf(tableOf(stack)).some(({ name }) => orphanOf(layout, name))
  if (isNew) {
    await checkMachine(stack)
    makeFolders(layout)
    ensureSecrets(layout.secrets)
    await launchSupervisor(stack)
  }
  try {
    return await untilRunning(stack, listener)
  } catch (error) {
    if (isNew && !hasOrphans) await stopNative(stack)
    throw error
  }
}

/** Ends the supervisor alone: the stack goes on, and the next one takes it over. */
export async function dismissSupervisor({ layout }: NativeStack): Promise<void> {
  const supervisor = recorded(supervisorPids(layout))
  if (supervisor === undefined) return
  // By force: asked to end, it would end the others first.
  signal(supervisor, 'SIGKILL')
  while (isAlive(supervisor)) await delay(20)
}

async function checkMachine(stack: NativeStack): Promise<void> {
  if (stack.settings.config.REPLICAS > 3) throw new EngineError('REPLICAS: this engine runs 1 to 3')
  for (const name of ['nginx', 'redis-server']) findBinary(name)
  findPostgresBinary('initdb')
  const { layout } = stack
  const ports: Readonly<Record<string, number | undefined>> = {
    gateway: layout.ports.gateway,
    balancer: layout.ports.balancer,
    'api-1': layout.ports.replicas[0],
    'api-2': layout.ports.replicas[1],
    'api-3': layout.ports.replicas[2],
    postgres: layout.ports.postgres,
  }
  const wanted = new Map<string, number>()
  for (const { name } of servicesOf(tableOf(stack))) {
    const port = ports[name]
    if (port !== undefined && orphanOf(layout, name) === undefined) wanted.set(name, port)
  }
  await requirePorts(wanted, stack.settings.config.PORT_BASE)
}

const supervisorPids = (layout: Layout) => join(layout.run, 'supervisor.pid')

async function launchSupervisor({ settings, layout }: NativeStack): Promise<void> {
  const logFile = join(layout.log, 'supervisor.log')
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [join(root, 'scripts', 'supervisor.ts')], {
    cwd: root,
    env: { ...surroundings(), ...settings.given },
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  let isGone = false
  once(child, 'exit').then(() => {
    isGone = true
  })
  while ((await order(layout.run, { do: 'report' })) === undefined) {
    if (isGone) throw new EngineError(`the supervisor did not start: ${reasonIn(logFile)}`)
    await delay(50)
  }
  child.unref()
}

async function untilRunning({ layout }: NativeStack, listener: Listener): Promise<Answer> {
  for (;;) {
    const answer = await order(layout.run, { do: 'report' })
    if (answer === undefined) {
      throw new EngineError(`the supervisor ended: ${reasonIn(join(layout.log, 'supervisor.log'))}`)
    }
    listener(answer.report)
    if (answer.report.phase === 'running') return answer
    if (answer.report.phase !== 'starting') throw new EngineError(answer.report.detail)
    await delay(100)
  }
}

/** Ends everything, with the supervisor's help or without. @throws {EngineError} when something does not end */
export async function stopNative(stack: NativeStack): Promise<void> {
  const { layout } = stack
  const supervisor = recorded(supervisorPids(layout))
  if (supervisor !== undefined && isAlive(supervisor)) {
    const isListening = await order(layout.run, { do: 'report' }).catch(() => undefined)
    if (isListening !== undefined) await order(layout.run, { do: 'stop' }).catch(() => undefined)
    // Its answer is the last thing it does; one that does not listen can only be killed.
    for (let tries = 0; isListening && isAlive(supervisor) && tries < 100; tries += 1) await delay(20)
    signal(supervisor, 'SIGKILL')
  }
  forget(supervisorPids(layout))
  await stopOrphans(stack)
}

/** For when the supervisor was killed: the pid files still know everyone. */
async function stopOrphans(stack: NativeStack): Promise<void> {
  const { layout } = stack
  if (!existsSync(layout.run)) return
  const services = servicesOf(tableOf(stack))
  const recordedNames = readdirSync(layout.run)
    .filter((file) => file.endsWith('.pid'))
    .map((file) => basename(file, '.pid'))
  const names = new Set([...services.map(({ name }) => name), ...recordedNames])
  for (const name of names) {
    const orphan = orphanOf(layout, name)
    const how = services.find((service) => service.name === name)
    if (orphan !== undefined) await endGently(orphan, how ?? { stopSignal: 'SIGTERM', stopTimeoutMs: 10_000 })
    if (orphanOf(layout, name) !== undefined)
      throw new EngineError(`${name} (pid ${orphan?.pid}) does not end`)
    forget(join(layout.run, `${name}.pid`))
  }
}
