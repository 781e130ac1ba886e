/**
 * Keeps one process alive.
 *
 *            launch or adopt            answers
 *   down ───────────────────▶ starting ─────────▶ up
 *    ▲                           │ ends            │ ends
 *    │ stop                      ▼                 ▼
 *    └───────────────── backing-off, or crash-loop after five quick deaths ──▶ starting
 *
 * What ends because of its settings is a crash loop at once, and stays down until somebody starts it again.
 */

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ConfigError } from '#app/load-config.ts'
import { afterDeath, type Deaths, delayMs, isCrashLoop, noDeaths } from './backoff.ts'
import { EngineError, messageOf } from './engine-error.ts'
import { forget, type Identity, identify, isAlive, killGroup, record, recorded, signal } from './identity.ts'
import { untilStuck } from './liveness.ts'
import { type Command, launch, reasonIn } from './process.ts'

export interface Service {
  readonly name: string
  /** Where a person reaches it. */
  readonly address: string
  /** Called before each launch. */
  prepare(): Command | Promise<Command>
  isReady(): Promise<boolean>
  /** Whether it lets us in and then says nothing; asked all the time, so that one that is stuck is ended. */
  readonly isSilent?: () => Promise<boolean>
  readonly stopSignal: NodeJS.Signals
  readonly stopTimeoutMs: number
  /** How long it must be up before the next one may be restarted. */
  readonly settledAfterMs?: number
  /** A socket file of the process before, in which it could not listen. */
  readonly staleSockets?: readonly string[]
}

export type State =
  | { readonly is: 'down' }
  | { readonly is: 'starting'; readonly process: Identity }
  | { readonly is: 'up'; readonly process: Identity }
  | { readonly is: 'backing-off'; readonly problem: string }
  | { readonly is: 'crash-loop'; readonly problem: string }

export interface Supervised {
  readonly service: Service
  readonly state: State
  /** Starts it, or takes over the one that runs, and resolves once it answers. @throws {EngineError} on a crash loop */
  start(): Promise<void>
  /** Ends it in its own way and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface Folders {
  readonly run: string
  readonly log: string
}

interface Running {
  readonly process: Identity
  readonly ended: Promise<void>
  /** As far as we may know: that of an adopted process is told to nobody. */
  readonly exitCode: () => number | null
}

const adoptedPollMs = 200
const readyPollMs = 50
const startTimeoutMs = 60_000

const pidFile = (folders: Folders, name: string): string => join(folders.run, `${name}.pid`)
export const logFile = (folders: Folders, name: string): string => join(folders.log, `${name}.log`)

/** The process an earlier supervisor left running, if it still does. */
export function orphanOf(folders: Folders, name: string): Identity | undefined {
  const process = recorded(pidFile(folders, name))
  return process !== undefined && isAlive(process) ? process : undefined
}

export function supervise(service: Service, folders: Folders): Supervised {
  const log = logFile(folders, service.name)
  const pids = pidFile(folders, service.name)
  let state: State = { is: 'down' }
  let deaths: Deaths = noDeaths
  let isWanted = false
  let life: Promise<void> = Promise.resolve()
  let pause = new AbortController()
  const waiting = new Set<{ resolve: () => void; reject: (error: Error) => void }>()

  const enter = (next: State) => {
    state = next
    if (next.is === 'up') for (const { resolve } of waiting) resolve()
    else if (next.is === 'crash-loop') for (const { reject } of waiting) reject(new EngineError(next.problem))
    else if (next.is === 'down')
      for (const { reject } of waiting) reject(new EngineError(`${service.name} was stopped`))
    else return
    waiting.clear()
  }

  async function keepAlive(): Promise<void> {
    while (isWanted) {
      const { readyForMs, problem, needsMending } = await oneLife()
      if (!isWanted) break
      deaths = afterDeath(deaths, readyForMs)
      pause = new AbortController()
      enter({ is: needsMending || isCrashLoop(deaths) ? 'crash-loop' : 'backing-off', problem })
      if (needsMending) await once(pause.signal, 'abort')
      else await delay(delayMs(deaths), undefined, { signal: pause.signal }).catch(() => undefined)
    }
    enter({ is: 'down' })
  }

  interface Life {
    readonly readyForMs: number | undefined
    readonly problem: string
    readonly needsMending: boolean
  }

  async function oneLife(): Promise<Life> {
    let readyAt: number | undefined
    let needsMending = false
    try {
      const running = adopt() ?? (await begin())
      enter({ is: 'starting', process: running.process })
      // Stopped between the launch and this line.
      if (!isWanted) await endGently(running.process, service)
      if (await becomesReady(running)) {
        readyAt = performance.now()
        enter({ is: 'up', process: running.process })
        await lived(running)
      }
      killGroup(running.process)
      forget(pids)
      needsMending = running.exitCode() === ConfigError.exitCode
    } catch (error) {
      return { readyForMs: undefined, problem: `${service.name}: ${messageOf(error)}`, needsMending }
    }
    return {
      readyForMs: readyAt && performance.now() - readyAt,
      problem: `${service.name} ${needsMending ? 'refuses to start' : 'keeps ending'}: ${reasonIn(log)}`,
      needsMending,
    }
  }

  /** Until the process has ended, by itself or because it was stuck. */
  async function lived({ process, ended }: Running): Promise<void> {
    if (service.isSilent === undefined) return ended
    const watching = new AbortController()
    const reason = await Promise.race([ended, untilStuck(process, service.isSilent, watching.signal)])
    watching.abort()
    if (reason === undefined || !isWanted) return ended
    appendFileSync(log, `supervisor: ${service.name} ${reason}: ending it\n`)
    signal(process, 'SIGKILL')
    await ended
  }

  function adopt(): Running | undefined {
    const process = orphanOf(folders, service.name)
    if (process !== undefined) return { process, ended: untilGone(process), exitCode: () => null }
    const gone = recorded(pids)
    if (gone !== undefined) killGroup(gone)
    return undefined
  }

  async function begin(): Promise<Running> {
    for (const socket of service.staleSockets ?? []) rmSync(socket, { force: true })
    const child: ChildProcess = launch(await service.prepare(), { logFile: log, detached: true })
    const failed = new Promise<never>((_, reject) => child.once('error', reject))
    failed.catch(() => undefined)
    const ended = once(child, 'exit').then(() => undefined)
    ended.catch(() => undefined)
    if (child.pid === undefined) return failed
    // Written down before anything can come in between: killed now, we would leave a process nobody knows.
    const process = identify(child.pid) ?? { pid: child.pid, startedAt: 'ended' }
    record(pids, process)
    return { process, ended, exitCode: () => child.exitCode }
  }

  async function becomesReady({ process, ended }: Running): Promise<boolean> {
    const deadline = performance.now() + startTimeoutMs
    const end = ended.then(() => 'ended' as const)
    while (performance.now() < deadline) {
      const answer = await Promise.race([service.isReady(), end])
      // Another server may answer in its place while it is failing to listen: it must be alive itself.
      if (answer === 'ended' || !isAlive(process)) return false
      if (answer) return true
      await Promise.race([delay(readyPollMs), end])
    }
    signal(process, 'SIGKILL')
    await ended
    return false
  }

  async function endProcess(): Promise<void> {
    if (state.is !== 'up' && state.is !== 'starting') return
    await endGently(state.process, service)
  }

  const untilUp = (): Promise<void> =>
    state.is === 'up' ? Promise.resolve() : new Promise((resolve, reject) => waiting.add({ resolve, reject }))

  return {
    service,
    get state() {
      return state
    },
    start() {
      const up = untilUp()
      if (isWanted) {
        deaths = noDeaths
        pause.abort()
      } else {
        isWanted = true
        life = life.then(keepAlive)
      }
      return up
    },
    async restart() {
      if (!isWanted) return this.start()
      await endProcess()
      deaths = noDeaths
      pause.abort()
      while (state.is === 'up') await delay(5)
      await untilUp()
    },
    async stop() {
      isWanted = false
      pause.abort()
      await endProcess()
      await life
    },
  }
}

/** Asks a process to end, waits, and insists. */
export async function endGently(
  process: Identity,
  { stopSignal, stopTimeoutMs }: Pick<Service, 'stopSignal' | 'stopTimeoutMs'>,
): Promise<void> {
  if (!signal(process, stopSignal)) return
  const insisting = setTimeout(() => signal(process, 'SIGKILL'), stopTimeoutMs)
  await untilGone(process, 25)
  clearTimeout(insisting)
  killGroup(process)
}

async function untilGone(process: Identity, pollMs = adoptedPollMs): Promise<void> {
  while (isAlive(process)) await delay(pollMs)
}
