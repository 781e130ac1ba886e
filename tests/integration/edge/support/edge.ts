/** Real nginx, both tiers as they are rendered for use, in front of three stub replicas. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { locate } from '#scripts/engine/binaries.ts'
import { renderNginx, type Variables } from '#scripts/engine/nginx-config.ts'
import { eventually } from '#tests/support/eventually.ts'
import type { Scope } from '#tests/support/scope.ts'
import { ask } from './http.ts'
import { type Answer, echo, type StubReplica, stubReplica } from './stub-replica.ts'

export type Tier = 'gateway' | 'balancer'
const tiers: readonly Tier[] = ['balancer', 'gateway']
const sources = resolve(import.meta.dirname, '../../../../nginx')
const nginx = locate('nginx') ?? 'nginx'

export interface Edge {
  readonly folder: string
  readonly gatewayPort: number
  readonly balancerPort: number
  readonly replicas: readonly StubReplica[]
  /** Ends one tier as kill -9 would. */
  kill(tier: Tier): Promise<void>
}

export interface EdgeOptions {
  readonly variables?: Variables
  readonly answer?: Answer
  /** Last changes to what was rendered, before anything starts: a time to wait that is too long for a test. */
  readonly adjust?: (folder: string) => void
}

/** Both tiers rendered into `folder`, as the native engine would. */
export function renderEdge(folder: string, variables: Variables): void {
  for (const tier of tiers) {
    const runFolder = join(folder, `${tier}-run`)
    mkdirSync(runFolder, { recursive: true })
    renderNginx(join(sources, tier), join(folder, tier), {
      NGINX_RUN_DIR: runFolder,
      ERROR_LOG: join(folder, `${tier}-error.log`),
      ACCESS_LOG: join(folder, `${tier}-access.log`),
      STATUS_LISTEN: `unix:${folder}/${tier}-status.sock`,
      ...variables,
    })
  }
}

export const edgeVariables = (folder: string, gatewayPort: number, balancerPort: number): Variables => ({
  NGINX_USER_DIRECTIVE: process.getuid?.() === 0 ? 'user root;' : '',
  WORKER_PROCESSES: '1',
  SNIPPETS_DIR: join(sources, 'snippets'),
  DASHBOARD_DIR: join(folder, 'dashboard'),
  GATEWAY_LISTEN: `127.0.0.1:${gatewayPort}`,
  BALANCER_LISTEN: `127.0.0.1:${balancerPort}`,
  BALANCER_INTERNAL_LISTEN: `unix:${folder}/balancer.sock`,
  BALANCER_UPSTREAM: `unix:${folder}/balancer.sock`,
  API_1: `unix:${folder}/api-1.sock`,
  API_2: `unix:${folder}/api-2.sock`,
  API_3: `unix:${folder}/api-3.sock`,
  BALANCING_METHOD: 'least_conn;',
  CORS_ORIGINS: 'http://localhost:8080, http://localhost:5173',
  EDGE_RATE_PER_SECOND: '3000',
  EDGE_BURST: '3000',
  EDGE_CONNECTIONS: '1024',
  EDGE_SIGN_IN_PER_MINUTE: '20',
  EDGE_SIGN_IN_BURST: '19',
  EDGE_SIGN_IN_RETRY_AFTER: '3',
  EDGE_HSTS: 'false',
  TRUSTED_PROXY_DIRECTIVES: '',
  KEEPALIVE_MIN_TIMEOUT_DIRECTIVE: '',
  BALANCER_READ_TIMEOUT: '12s',
  BALANCER_RETRY_WITHIN: '3s',
  GATEWAY_READ_TIMEOUT: '20s',
})

export function edgeFolder(t: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'edge-'))
  chmodSync(folder, 0o755)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const nginxArguments = (folder: string, tier: Tier): string[] => [
  '-e',
  join(folder, `${tier}-error.log`),
  '-c',
  join(folder, tier, 'nginx.conf'),
]

/** Everything up and answering; ends with the test. */
export async function startEdge(
  t: Scope,
  { variables = {}, answer = echo, adjust }: EdgeOptions = {},
): Promise<Edge> {
  const folder = edgeFolder(t)
  const [gatewayPort, balancerPort] = [await freePort(), await freePort()]
  renderEdge(folder, { ...edgeVariables(folder, gatewayPort, balancerPort), ...variables })
  adjust?.(folder)

  const replicas = await Promise.all(
    [1, 2, 3].map((n) => stubReplica(join(folder, `api-${n}.sock`), `api-${n}`, answer)),
  )
  const processes = new Map(tiers.map((tier) => [tier, startTier(folder, tier)]))
  const kill = (tier: Tier) => endTier(processes.get(tier))
  t.teardown(async () => {
    for (const tier of tiers) await kill(tier)
    for (const replica of replicas) replica.kill()
  })

  for (const [port, path] of [
    [gatewayPort, '/gateway-health'],
    [balancerPort, '/lb-health'],
  ] as const) {
    await eventually(t, async () => (await ask(port, path)).status === 200)
  }
  return { folder, gatewayPort, balancerPort, replicas, kill }
}

// Its own process group, so that a kill takes the workers along: a killed master leaves them serving.
function startTier(folder: string, tier: Tier): ChildProcess {
  const args = [...nginxArguments(folder, tier), '-g', 'daemon off;']
  const child = spawn(nginx, args, { stdio: 'ignore', detached: true })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

// A test that runs out of time is ended by a signal, and no teardown runs then.
const running = new Set<ChildProcess>()
process.once('SIGALRM', () => {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  process.kill(process.pid, 'SIGKILL')
})

async function endTier(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
