/** `make run-local`: brings the whole system up, or mends what is down, shows where it is, and leaves it running. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { command } from './engine/command.ts'
import { buildDashboard } from './engine/dashboard.ts'
import { composeFor, dockerReport, startDocker } from './engine/docker.ts'
import { chosenEngine, type Engine, rememberEngine, runningEngine } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { statusOf } from './engine/http.ts'
import { type Layout, layoutOf, root } from './engine/layout.ts'
import { withLock } from './engine/lock.ts'
import { dismissSupervisor, type NativeStack, nativeCondition, startNative } from './engine/native.ts'
import { renewNginx } from './engine/nginx-reload.ts'
import { isSupervisorOlder, otherThanClone } from './engine/older-code.ts'
import { fingerprintOf, localSettings, type Settings } from './engine/settings.ts'
import type { ProcessReport } from './engine/stack-run.ts'
import { statusTable } from './status.ts'
import { stopStack } from './stop.ts'
import { welcome } from './welcome.ts'

const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1_000).toFixed(1)} s`.padStart(7)
const say = (line: string) => console.log(`${seconds()}  ${line}`)

/** Says once when a process gets somewhere. */
function progress(): (processes: readonly ProcessReport[]) => void {
  const said = new Map<string, string>()
  return (processes) => {
    for (const { name, state, problem } of processes) {
      if (state === 'down' || state === 'starting' || said.get(name) === state) continue
      said.set(name, state)
      say(`${name} is ${state}${problem === undefined ? '' : `: ${problem}`}`)
    }
  }
}

/** nginx, redis-server and postgres of this machine, installed where they are missing. */
function requireServers(): void {
  const { status } = spawnSync(join(root, 'scripts', 'bootstrap.sh'), ['servers'], { stdio: 'inherit' })
  if (status !== 0) throw new EngineError('the servers of the native engine are not complete')
}

async function runNative(stack: NativeStack): Promise<readonly ProcessReport[]> {
  const condition = await nativeCondition(stack)
  if (condition !== 'whole') requireServers()
  if (condition === 'other-settings') {
    say('the settings have changed: starting again with the new ones')
    await stopStack(stack.settings)
  }
  if (condition === 'damaged') say('something is down: mending it')
  if (condition === 'whole') say('already running')
  if (condition === 'whole' && isSupervisorOlder(stack)) {
    say('the supervisor is older than its code: a new one takes over, what it watches goes on')
    await dismissSupervisor(stack)
  }
  const tell = progress()
  let lastDetail = ''
  const dashboard = buildDashboard().then((outcome) => {
    if (outcome === 'built') say('the dashboard is built')
  })
  // Awaited below, where a failure is told; until then the processes start beside it.
  dashboard.catch(() => {})
  const answer = await startNative(stack, ({ phase, detail, processes }) => {
    if (condition === 'whole') return
    if (phase === 'starting' && detail !== lastDetail && detail !== '') say(`waiting for ${detail}`)
    lastDetail = detail
    tell(processes)
  })
  await dashboard
  await renew(stack)
  return answer.report.processes
}

/** What a pull changes below processes that run. nginx takes new files while it serves; replicas are a rollout's. */
async function renew(stack: NativeStack): Promise<void> {
  for (const tier of ['balancer', 'gateway'] as const) {
    if (await renewNginx(tier, stack)) say(`${tier}: its files have changed, it is reloaded`)
  }
  const others = otherThanClone(stack)
  if (others.length > 0) say(`${others.join(', ')}: other code than the clone's (make rollout takes it)`)
}

async function runDocker(settings: Settings, layout: Layout): Promise<readonly ProcessReport[]> {
  const compose = composeFor(settings)
  const processes = dockerReport(compose)
  const isSame = runningEngine(layout)?.fingerprint === fingerprintOf(settings.given)
  if (isSame && processes.every(({ state }) => state === 'up')) {
    say(
      'already running (make docker-build takes changed code into the images, make stop run-local starts them)',
    )
    return processes
  }
  return startDocker(compose, progress())
}

/** Each process is well by its own word; this asks the whole chain once. */
async function untilServed(layout: Layout): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await statusOf({ port: layout.ports.gateway, path: '/api/v1/status' })) === 200) return
    await delay(100)
  }
  throw new EngineError(
    'everything is up, but /api/v1/status does not answer through the gateway: make doctor',
  )
}

async function run(settings: Settings, layout: Layout): Promise<void> {
  const before = runningEngine(layout)?.engine
  const engine: Engine =
    settings.config.ENGINE === 'auto' && before !== undefined ? before : chosenEngine(settings)
  if (before !== undefined && before !== engine) {
    say(`it runs on the ${before} engine: stopping that first`)
    await stopStack(settings)
  }
  say(
    `engine: ${engine}${settings.config.ENGINE === 'auto' ? ' (ENGINE=docker or ENGINE=native chooses)' : ''}`,
  )
  if (settings.config.DEMO) say('demo mode: known passwords, loopback only (DEMO=false turns it off)')
  for (const name of settings.unknown) say(`.env sets ${name}, which nothing reads`)
  const processes =
    engine === 'docker' ? await runDocker(settings, layout) : await runNative({ settings, layout })
  rememberEngine(layout, engine, settings)
  await untilServed(layout)
  say('ready')
  console.log(`\n${statusTable(processes)}\n\n${welcome(settings.config, layout)}`)
}

await command(async () => {
  const settings = localSettings()
  const layout = layoutOf(settings.config.PORT_BASE)
  await withLock(layout, () => run(settings, layout))
})
