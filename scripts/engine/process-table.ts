/** Every process of a native stack, in the order of starting: the one place that lists them. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#app/config.ts'
import { applicationRole } from '#platform/postgres-login.ts'
import { findBinary } from './binaries.ts'
import { answersOk, isSilent } from './http.ts'
import { type Layout, root } from './layout.ts'
import { renderNginx } from './nginx-config.ts'
import { balancerSocket, nginxVariables, replicaSocket, statusSocket, type Tier } from './nginx-variables.ts'
import { type PostgresOptions, postgresAddress, postgresCommand } from './postgres-server.ts'
import type { Command } from './process.ts'
import { redisAnswers, redisCommand } from './redis-server.ts'
import { releaseOf } from './releases.ts'
import { surroundings } from './settings.ts'
import type { Service } from './supervised.ts'

/** Runs to its end once, between two stages. */
export interface Task {
  readonly name: string
  prepare(): Command
}

export type Stage =
  | { readonly services: readonly Service[] }
  /** What follows does not start unless it ends with 0. */
  | { readonly task: Task }

export interface Stack {
  readonly config: Config
  readonly layout: Layout
  /** Settings as they were given, for the processes of ours. */
  readonly given: Readonly<Record<string, string>>
}

export function processTable(stack: Stack): Stage[] {
  const { config } = stack
  const stages: Stage[] = [
    infrastructure(stack),
    { task: { name: 'migrate', prepare: () => scriptOn(stack, 'scripts/migrate.ts') } },
  ]
  if (config.DEMO) stages.push({ task: { name: 'seed', prepare: () => scriptOn(stack, 'scripts/seed.ts') } })
  stages.push(
    { services: Array.from({ length: config.REPLICAS }, (_, index) => replica(index + 1, stack)) },
    { services: [nginx('balancer', stack)] },
    { services: [nginx('gateway', stack)] },
  )
  return stages
}

export const replicaNames = ({ REPLICAS }: Config): string[] =>
  Array.from({ length: REPLICAS }, (_, index) => `api-${index + 1}`)

export const infrastructure = (stack: Stack): Stage => ({ services: [postgres(stack), redis(stack)] })

/** In the order a person reads them, from the client inwards. */
export const servicesOf = (stages: readonly Stage[]): Service[] =>
  stages
    .flatMap((stage) => ('services' in stage ? [stage.services] : []))
    .reverse()
    .flat()

export const postgresOptions = ({ layout }: Stack): PostgresOptions => ({
  directory: join(layout.postgres, 'data'),
  socketDirectory: join(layout.postgres, 'run'),
  port: layout.ports.postgres,
  password: readFileSync(join(layout.secrets, 'postgres-password'), 'utf8').trim(),
})

function postgres(stack: Stack): Service {
  return {
    name: 'postgres',
    address: `127.0.0.1:${stack.layout.ports.postgres}`,
    prepare: () => postgresCommand(postgresAddress(postgresOptions(stack)), postgresOptions(stack)),
    isReady: () => postgresAddress(postgresOptions(stack)).answers(),
    // Ends sessions and writes a checkpoint; SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 20_000,
  }
}

function redis({ layout }: Stack): Service {
  const socketPath = join(layout.run, 'redis.sock')
  return {
    name: 'redis',
    address: `unix:${socketPath}`,
    prepare: () => redisCommand({ directory: layout.redis, socketPath }),
    isReady: () => redisAnswers(socketPath),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
  }
}

function nginx(tier: Tier, { config, layout }: Stack): Service {
  const folder = join(layout.nginx, tier)
  const isGateway = tier === 'gateway'
  const port = isGateway ? layout.ports.gateway : layout.ports.balancer
  return {
    name: tier,
    address: `http://127.0.0.1:${port}`,
    prepare: () => {
      const program = findBinary('nginx')
      const variables = nginxVariables(tier, config, layout)
      renderNginx(join(root, 'nginx', tier), folder, variables)
      mkdirSync(join(folder, 'run'), { recursive: true, mode: 0o700 })
      return {
        program,
        args: [
          '-p',
          folder,
          '-c',
          join(folder, 'nginx.conf'),
          '-e',
          `${layout.log}/${tier}-error.log`,
          '-g',
          'daemon off;',
        ],
        env: { PATH: process.env.PATH ?? '', TZ: 'UTC' },
      }
    },
    isReady: () => answersOk({ port, path: isGateway ? '/gateway-health' : '/lb-health' }),
    stopSignal: 'SIGQUIT',
    stopTimeoutMs: 3_000,
    staleSockets: [statusSocket(tier, layout), ...(isGateway ? [] : [balancerSocket(layout)])],
  }
}

function replica(number: number, stack: Stack): Service {
  const port = stack.layout.ports.replicas[number - 1] ?? 0
  const socketPath = replicaSocket(stack.layout, number)
  return {
    name: `api-${number}`,
    address: `http://127.0.0.1:${port}`,
    prepare: () => replicaCommand(number, stack),
    isReady: () => answersOk({ socketPath, path: '/health/ready' }),
    isSilent: () => isSilent({ port, path: '/health' }),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: stack.config.DRAIN_TIMEOUT_MS + 5_000,
    // The balancer passes it over for a second after it was not there (nginx/balancer/replicas.conf.template). Three that
    // were replaced faster than that were passed over all at once, and 65 requests met none: a deploy in 3 s.
    settledAfterMs: 1_500,
    staleSockets: [socketPath],
  }
}

/**
 * Left to itself V8 sizes its heap by the memory of the machine: with 24 GB a replica's young generation grew to 134 MB, and
 * it held 440 MB after 500,000 requests. With these bounds it holds some 240 MB. Not much lower: below 2 GB V8 lets the old
 * generation grow by less and less before it collects it again (docs/performance.md).
 */
const heapBounds = '--max-semi-space-size=32 --max-old-space-size=1024'

export function replicaCommand(number: number, stack: Stack): Command {
  const release = releaseOf(stack.layout, `api-${number}`)
  // A release from before the application had a password of its own signs in as the owner.
  const knowsItsPassword = existsSync(join(release, 'app', 'platform', 'postgres-login.ts'))
  return scriptOn(
    stack,
    'app/main.ts',
    [],
    {
      DATABASE_URL: databaseUrl(stack, knowsItsPassword ? applicationRole : owner),
      INSTANCE_ID: `api-${number}`,
      // The shell's come last, and win.
      NODE_OPTIONS: `${heapBounds} ${process.env.NODE_OPTIONS ?? ''}`.trim(),
      HOST: '127.0.0.1',
      PORT: String(stack.layout.ports.replicas[number - 1]),
      SOCKET_PATH: replicaSocket(stack.layout, number),
      NGINX_STATUS: tiers.map((tier) => `${tier}=unix:${statusSocket(tier, stack.layout)}`).join(','),
    },
    release,
  )
}

/** Runs a script of ours with the settings of the stack and the addresses of its servers: of Postgres as its owner. */
export function scriptOn(
  stack: Stack,
  script: string,
  args: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
  folder = root,
): Command {
  const { config, layout, given } = stack
  return {
    program: process.execPath,
    args: [join(folder, script), ...args],
    cwd: folder,
    env: {
      ...compiledOnce(layout),
      ...surroundings(),
      ...given,
      DATABASE_URL: databaseUrl(stack, owner),
      REDIS_URL: `unix://${join(layout.run, 'redis.sock')}`,
      SECRETS_DIR: layout.secrets,
      DEMO: String(config.DEMO),
      CORS_ORIGINS: config.CORS_ORIGINS,
      REPLICAS: String(config.REPLICAS),
      ...settings,
    },
  }
}

const tiers: readonly Tier[] = ['gateway', 'balancer']

// Half of a replica's start is compiling. Coverage would be blurred by functions that come out of the cache.
const compiledOnce = ({ state }: Layout): Record<string, string> =>
  process.env.NODE_V8_COVERAGE ? {} : { NODE_COMPILE_CACHE: join(state, 'compiled') }

const owner = 'sluice'

/** Without the password, which a process reads from its file. */
function databaseUrl(stack: Stack, user: string): string {
  const url = new URL(postgresAddress({ ...postgresOptions(stack), user }).url)
  url.password = ''
  return url.href
}
