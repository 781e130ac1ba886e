/** The docker engine: the same questions as the native one, put to docker-compose. */

import { spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { ConfigError } from '#app/load-config.ts'
import { monitoringVariables } from '#scripts/monitoring/containers.ts'
import { type Choice, choicesFile, withChoice } from './docker-images.ts'
import { EngineError } from './engine-error.ts'
import { layoutOf, root } from './layout.ts'
import type { Command } from './process.ts'
import { type Settings, surroundings } from './settings.ts'
import type { ProcessReport } from './stack-run.ts'

const order = ['gateway', 'balancer', 'api-1', 'api-2', 'api-3', 'postgres', 'redis']
const published: Readonly<Record<string, string>> = { gateway: '8080/tcp', balancer: '3000/tcp' }
const longestStartMs = 300_000

/** Compose 2 as a plugin, or the older program of its own; undefined without either or without a daemon. */
export function composeProgram(): readonly string[] | undefined {
  if (!succeeds(['docker', 'info'])) return undefined
  return [['docker', 'compose'], ['docker-compose']].find((program) => succeeds([...program, 'version']))
}

const succeeds = ([program = '', ...args]: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 }).status === 0

export interface Compose {
  /** Runs `docker-compose <args>`, showing its output. @throws {EngineError} when it fails */
  show(...args: readonly string[]): void
  read(...args: readonly string[]): string
  /** How to run it with pipes of one's own. */
  command(...args: readonly string[]): Command
  /** The images of docker-compose.yml; with a choice only that of the application, from another source by another name. */
  build(choice?: Choice): void
}

export function composeFor({ config, given }: Settings): Compose {
  const program = composeProgram()
  if (program === undefined)
    throw new EngineError('ENGINE=docker: docker does not answer; start it, or use ENGINE=native')
  const [executable = '', ...first] = program
  const base = config.PORT_BASE
  const layout = layoutOf(base)
  const env = {
    ...surroundings(),
    ...(process.env.DOCKER_HOST && { DOCKER_HOST: process.env.DOCKER_HOST }),
    ...given,
    ...(base > 0 && {
      GATEWAY_PORT: String(base + 80),
      BALANCER_PORT: String(base),
      POSTGRES_PORT: String(base + 32),
      REDIS_PORT: String(base + 79),
      ...monitoringVariables(base),
      NETWORK_PREFIX: given.NETWORK_PREFIX ?? `10.84.${base % 251}`,
    }),
  }
  const command = (args: readonly string[], choices: string | undefined): Command => {
    const project = ['--project-name', base === 0 ? 'sluice' : `sluice-${base}`]
    const files = given.COMPOSE_FILE ?? 'docker-compose.yml'
    return {
      program: executable,
      args: [...first, ...project, ...args],
      cwd: root,
      env: { ...env, ...(choices !== undefined && { COMPOSE_FILE: `${files}:${choices}` }) },
    }
  }
  const run = ({ program, args, cwd, env }: Command, isShown: boolean): string => {
    const result = spawnSync(program, args, {
      cwd,
      env,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      // What is shown is progress, which belongs on stderr: stdout is for what was asked for, or a test's report.
      stdio: ['inherit', isShown ? 2 : 'pipe', isShown ? 2 : 'pipe'],
    })
    if (result.status !== 0) {
      throw new EngineError(`${program} ${args.join(' ')} failed ${(result.stderr ?? '').trim()}`)
    }
    return result.stdout ?? ''
  }
  return {
    show: (...args) => {
      run(command(args, choicesFile(layout)), true)
    },
    read: (...args) => run(command(args, choicesFile(layout)), false),
    command: (...args) => command(args, choicesFile(layout)),
    build: (choice) => {
      // Never with the choices of releases: it would build the clone under their names.
      if (choice === undefined) run(command(['build'], undefined), true)
      else withChoice(layout, 'migrate', choice, (file) => run(command(['build', 'migrate'], file), true))
    },
  }
}

/** Builds, starts and waits until every health check passes. Compose 1.29 has no `--wait`: asked for here. */
export async function startDocker(
  compose: Compose,
  listener: (processes: readonly ProcessReport[]) => void,
): Promise<readonly ProcessReport[]> {
  const isNew = dockerReport(compose).every(({ state }) => state === 'down')
  try {
    compose.build()
    compose.show('up', '--no-build', '--detach', '--remove-orphans')
    return await untilHealthy(compose, listener)
  } catch (error) {
    // What this call started is ended again; what was up before it is left as it is.
    if (isNew) compose.show('down', '--remove-orphans')
    throw error
  }
}

async function untilHealthy(
  compose: Compose,
  listener: (processes: readonly ProcessReport[]) => void,
): Promise<readonly ProcessReport[]> {
  const deadline = performance.now() + longestStartMs
  for (;;) {
    const processes = dockerReport(compose)
    listener(processes)
    if (processes.every(({ state }) => state === 'up')) return processes
    const failed = processes.find(({ state }) => state === 'crash-loop')
    if (failed !== undefined || performance.now() > deadline) {
      const name = failed?.name ?? processes.find(({ state }) => state !== 'up')?.name ?? ''
      throw new EngineError(
        `${name} does not become healthy: ${compose.read('logs', '--tail=5', name).trim()}`,
      )
    }
    await delay(500)
  }
}

export async function restartContainer(compose: Compose, name: string): Promise<void> {
  compose.show('restart', name)
  await untilUp(compose, name)
}

const restartTimeoutMs = 120_000

/** @throws {EngineError} with the end of its log when it does not become healthy */
export async function untilUp(compose: Compose, name: string): Promise<void> {
  const deadline = performance.now() + restartTimeoutMs
  for (;;) {
    const state = dockerReport(compose).find((one) => one.name === name)?.state
    if (state === 'up') return
    if (state === 'crash-loop' || state === 'down' || performance.now() > deadline)
      throw new EngineError(`${name} said: ${compose.read('logs', '--no-color', '--tail=5', name).trim()}`)
    await delay(250)
  }
}

interface Inspected {
  readonly Id: string
  readonly Image: string
  readonly RestartCount: number
  readonly Config: { readonly Labels: Readonly<Record<string, string>> }
  readonly State: {
    readonly Pid: number
    readonly Status: string
    readonly ExitCode: number
    readonly Health?: { readonly Status: string }
  }
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[] | null>>
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>
  }
}

function containersOf(compose: Compose): ReadonlyMap<string | undefined, Inspected> {
  const ids = compose.read('ps', '--quiet').split('\n').filter(Boolean)
  const inspected: readonly Inspected[] = ids.length === 0 ? [] : JSON.parse(docker('inspect', ...ids))
  return new Map(inspected.map((one) => [one.Config.Labels['com.docker.compose.service'], one]))
}

/** What a container was made of. */
export const imageOf = (id: string): string => docker('inspect', '--format', '{{.Image}}', id).trim()

/** Gives the image a service runs a name of its own, which the next build does not take away. */
export function keepImage(compose: Compose, service: string, repository: string): string {
  const running = containersOf(compose).get(service)
  if (running === undefined) throw new EngineError('nothing is running: make run-local')
  const name = `${repository}:${running.Image.replace('sha256:', '').slice(0, 12)}`
  docker('tag', running.Image, name)
  return name
}

export function dockerReport(compose: Compose): readonly ProcessReport[] {
  const byName = containersOf(compose)
  return order.map((name) => {
    const container = byName.get(name)
    if (container === undefined) return { name, address: '', pids: [], state: 'down' }
    return { name, address: addressOf(name, container), pids: pidsOf(container), state: stateOf(container) }
  })
}

function docker(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('docker', args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new EngineError(`docker ${args[0]} failed: ${stderr.trim()}`)
  return stdout
}

function addressOf(name: string, { NetworkSettings: { Ports, Networks } }: Inspected): string {
  const [host] = Ports[published[name] ?? ''] ?? []
  if (host !== undefined) return `http://${host.HostIp}:${host.HostPort}`
  return (
    Object.values(Networks)
      .map(({ IPAddress }) => IPAddress)
      .find(Boolean) ?? ''
  )
}

function stateOf({ State, RestartCount }: Inspected): ProcessReport['state'] {
  const needsMending = State.ExitCode === ConfigError.exitCode
  if (State.Status === 'restarting' && (needsMending || RestartCount >= 5)) return 'crash-loop'
  if (State.Status === 'restarting') return 'backing-off'
  if (State.Status !== 'running') return 'down'
  if (State.Health?.Status === 'unhealthy') return 'crash-loop'
  return State.Health?.Status === 'starting' ? 'starting' : 'up'
}

/** As this machine numbers them, the first process of the container first. */
function pidsOf({ Id, State }: Inspected): number[] {
  if (State.Status !== 'running') return []
  const { stdout, status } = spawnSync('docker', ['top', Id, '-eo', 'pid'], { encoding: 'utf8' })
  // It may have ended since it was looked at.
  if (status !== 0) return []
  const all = stdout.split('\n').slice(1).map(Number).filter(Boolean)
  return [State.Pid, ...all.filter((pid) => pid !== State.Pid)]
}
