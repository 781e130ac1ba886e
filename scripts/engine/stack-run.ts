/** Runs a process table: stages in order, everything in a stage at once, and all of it backwards at the end. */

import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from './engine-error.ts'
import { descendantsOf } from './identity.ts'
import { launch, reasonIn } from './process.ts'
import { type Stage, servicesOf, type Task } from './process-table.ts'
import { type Folders, logFile, orphanOf, supervise } from './supervised.ts'

export interface ProcessReport {
  readonly name: string
  /** The process itself first, then its children. */
  readonly pids: readonly number[]
  readonly address: string
  readonly state: 'down' | 'starting' | 'up' | 'backing-off' | 'crash-loop'
  /** Why it is not up. */
  readonly problem?: string
}

export type Phase = 'starting' | 'running' | 'failed' | 'stopping'

export interface StackReport {
  readonly phase: Phase
  /** What is being done, or what went wrong. */
  readonly detail: string
  readonly processes: readonly ProcessReport[]
}

export interface StackRun {
  /** Brings up everything that is not; safe to call again. Failures are in the report. */
  start(): Promise<void>
  /** Ends the processes and starts them again, one after the other; all of them without a name. */
  restart(names: readonly string[]): Promise<void>
  stop(): Promise<void>
  report(): StackReport
}

export function stackRun(stages: readonly Stage[], folders: Folders): StackRun {
  const services = servicesOf(stages).map((service) => supervise(service, folders))
  const named = (name: string) => {
    const found = services.find(({ service }) => service.name === name)
    if (found === undefined) throw new Error(`there is no process ${name}`)
    return found
  }
  let phase: Phase = 'starting'
  let detail = ''
  let failures: string[] = []
  const isStopping = () => phase === 'stopping'

  async function runTask(task: Task): Promise<boolean> {
    const log = logFile(folders, task.name)
    const child = launch(task.prepare(), { logFile: log, detached: false })
    const [code, signal] = await once(child, 'exit')
    if (code !== 0) failures.push(`${task.name} failed (${signal ?? code}): ${reasonIn(log)}`)
    return code === 0
  }

  async function runStage(stage: Stage, mayStart: boolean): Promise<boolean> {
    if ('task' in stage) {
      detail = stage.task.name
      return mayStart && (await runTask(stage.task))
    }
    // What an earlier supervisor left running is kept alive even when nothing new may be started.
    const chosen = stage.services.filter(({ name }) => mayStart || orphanOf(folders, name) !== undefined)
    detail = chosen.map(({ name }) => name).join(', ')
    const results = await Promise.allSettled(chosen.map(({ name }) => named(name).start()))
    failures.push(
      ...results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : [])),
    )
    return mayStart
  }

  return {
    async start() {
      phase = 'starting'
      failures = []
      let mayStart = true
      for (const stage of stages) {
        if (isStopping()) return
        mayStart = await runStage(stage, mayStart).catch((error) => {
          failures.push(messageOf(error))
          return false
        })
      }
      if (isStopping()) return
      phase = failures.length === 0 ? 'running' : 'failed'
      detail = failures.join('\n')
    },
    async restart(names) {
      for (const name of names) {
        await named(name).restart()
        await delay(named(name).service.settledAfterMs ?? 0)
      }
    },
    async stop() {
      phase = 'stopping'
      for (const stage of [...stages].reverse()) {
        if ('task' in stage) continue
        detail = stage.services.map(({ name }) => name).join(', ')
        await Promise.all(stage.services.map(({ name }) => named(name).stop()))
      }
    },
    report: () => ({
      phase,
      detail,
      processes: services.map(({ service, state }) => ({
        name: service.name,
        address: service.address,
        state: state.is,
        pids: 'process' in state ? [state.process.pid, ...descendantsOf(state.process.pid)] : [],
        ...('problem' in state && { problem: state.problem }),
      })),
    }),
  }
}
