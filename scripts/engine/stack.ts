/** A whole native stack under a program's control, for system tests and benchmarks. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { order } from './control.ts'
import { EngineError } from './engine-error.ts'
import { type Identity, identify, signal } from './identity.ts'
import { type Layout, layoutOf } from './layout.ts'
import { type NativeStack, nativeReport, startNative, stopNative } from './native.ts'
import { localSettings } from './settings.ts'
import { outsideFolder } from './sockets.ts'
import type { ProcessReport } from './stack-run.ts'

export interface StackOptions {
  /** Moves every port and the state folder: .local/<portBase>. */
  readonly portBase: number
  /** Settings of app/config.ts by name; .env is not read. */
  readonly env?: Readonly<Record<string, string>>
  /** Demo accounts, keys and data; true unless said otherwise. */
  readonly demo?: boolean
  /** 1 to 3. */
  readonly replicas?: number
  /** Goes on with the data an earlier stack of this portBase left. */
  readonly keepData?: boolean
}

export interface RunningStack extends AsyncDisposable {
  /** `http://127.0.0.1:…`, the only way in for clients. */
  readonly gateway: string
  readonly balancer: string
  /** Of each replica, by name. */
  readonly replicas: Readonly<Record<string, string>>
  readonly layout: Layout
  report(): Promise<readonly ProcessReport[]>
  /** The process itself; its children are in the report. @throws {EngineError} when it is down */
  pid(name: string): Promise<number>
  /** Sends the signal to the process alone. */
  kill(name: string, signal: NodeJS.Signals): Promise<void>
  /** Ends it in its own way (a replica drains) and resolves once its successor answers. */
  restart(name: string): Promise<void>
  /** Resolves once the process answers, and is another than `notPid`. @throws {EngineError} after 30 s */
  untilUp(name: string, notPid?: number): Promise<void>
  /** Brings up what is down, the supervisor too, as `make run-local` does. */
  repair(): Promise<void>
  /** Ends everything; `erase` removes the state folder too. */
  stop(options?: { erase: boolean }): Promise<void>
}

/** Starts a stack and waits until all of it answers. One that an earlier run left behind is ended first. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { portBase, env = {}, demo = true, replicas = 3, keepData = false } = options
  const given = { ...env, PORT_BASE: String(portBase), DEMO: String(demo), REPLICAS: String(replicas) }
  const settings = localSettings(given, '/dev/null')
  const stack = { settings, layout: layoutOf(portBase) }
  await stopNative(stack)
  if (!keepData) erase(stack.layout)
  await startNative(stack)
  return attachStack(stack)
}

/** The same hold on a stack that somebody else started. */
export function attachStack(stack: NativeStack): RunningStack {
  const { layout, settings } = stack
  const report = () => nativeReport(stack)
  async function find(name: string): Promise<ProcessReport> {
    const found = (await report()).find((one) => one.name === name)
    if (found === undefined) throw new EngineError(`there is no process ${name}`)
    return found
  }
  async function identity(name: string): Promise<Identity> {
    const [pid] = (await find(name)).pids
    const process = pid === undefined ? undefined : identify(pid)
    if (process === undefined) throw new EngineError(`${name} is down`)
    return process
  }
  async function stop({ erase: isErased } = { erase: false }): Promise<void> {
    await stopNative(stack)
    if (isErased) erase(layout)
  }
  return {
    gateway: `http://127.0.0.1:${layout.ports.gateway}`,
    balancer: `http://127.0.0.1:${layout.ports.balancer}`,
    replicas: Object.fromEntries(
      layout.ports.replicas
        .slice(0, settings.config.REPLICAS)
        .map((port, index) => [`api-${index + 1}`, `http://127.0.0.1:${port}`]),
    ),
    layout,
    report,
    pid: async (name) => (await identity(name)).pid,
    kill: async (name, what) => {
      signal(await identity(name), what)
    },
    restart: async (name) => {
      await order(layout.run, { do: 'restart', names: [name] })
    },
    untilUp: async (name, notPid) => {
      for (let tries = 0; tries < 600; tries += 1) {
        const { state, pids } = await find(name)
        if (state === 'up' && pids[0] !== notPid) return
        await delay(50)
      }
      throw new EngineError(`${name} did not come back`)
    },
    repair: async () => {
      await startNative(stack)
    },
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}

/** Everything a stack keeps, also what had to move out of the clone. */
export function erase({ state, postgres, redis, nginx, log, secrets }: Layout): void {
  const outside = [join(postgres, 'data'), join(postgres, 'run')].map(outsideFolder)
  for (const folder of [postgres, redis, nginx, log, secrets, join(state, 'releases'), ...outside]) {
    rmSync(folder, { recursive: true, force: true })
  }
}
