/** The values nginx's templates ask for, in the native engine; nginx/README.md says what each is. */

import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config } from '#app/config.ts'
import { commaSeparated } from '#app/load-config.ts'
import { locate } from './binaries.ts'
import { type Layout, root } from './layout.ts'
import type { Variables } from './nginx-config.ts'
import { canaryOf, methodFor, sharesOf } from './shares.ts'

export type Tier = 'gateway' | 'balancer'

export const balancerSocket = (layout: Layout): string => join(layout.run, 'balancer.sock')
/** Where a tier tells what it counts. */
export const statusSocket = (tier: Tier, layout: Layout): string => join(layout.run, `${tier}-status.sock`)
export const replicaSocket = (layout: Layout, number: number): string =>
  join(layout.run, `api-${number}.sock`)

/** Addresses of browsers' pages that a demo allows: itself, and the dashboard's development server. */
export const demoOrigins = ({ ports }: Layout): string =>
  `http://localhost:${ports.gateway},http://localhost:5173`

export function nginxVariables(tier: Tier, config: Config, layout: Layout): Variables {
  const canary = canaryOf(layout)
  const places = [1, 2, 3].map((place) => replicaNumber(place, config))
  const shares = sharesOf(
    places.map((number) => `api-${number}`),
    canary,
  )
  const [api1 = '', api2 = '', api3 = ''] = places.map(
    (number, index) => `unix:${replicaSocket(layout, number)} ${shares[index]}`,
  )
  const seconds = Math.ceil(config.REQUEST_TIMEOUT_MS / 1_000)
  return {
    NGINX_RUN_DIR: join(layout.nginx, tier, 'run'),
    SNIPPETS_DIR: join(root, 'nginx', 'snippets'),
    ERROR_LOG: join(layout.log, `${tier}-error.log`),
    ACCESS_LOG: join(layout.log, `${tier}-access.log`),
    // The sockets between the tiers lie in a folder closed to everyone but us.
    NGINX_USER_DIRECTIVE: process.getuid?.() === 0 ? 'user root;' : '',
    WORKER_PROCESSES: String(workersOf(availableParallelism())),
    DASHBOARD_DIR: join(root, 'app', 'dashboard', 'dist'),

    STATUS_LISTEN: `unix:${statusSocket(tier, layout)}`,
    GATEWAY_LISTEN: `127.0.0.1:${layout.ports.gateway}`,
    BALANCER_LISTEN: `127.0.0.1:${layout.ports.balancer}`,
    BALANCER_INTERNAL_LISTEN: `unix:${balancerSocket(layout)}`,
    BALANCER_UPSTREAM: `unix:${balancerSocket(layout)}`,
    API_1: api1,
    API_2: api2,
    API_3: api3,
    BALANCING_METHOD: methodFor(canary),

    CORS_ORIGINS: config.CORS_ORIGINS,
    EDGE_RATE_PER_SECOND: String(config.EDGE_RATE_PER_SECOND),
    EDGE_BURST: String(config.EDGE_BURST),
    EDGE_CONNECTIONS: String(config.EDGE_CONNECTIONS),
    EDGE_SIGN_IN_PER_MINUTE: String(config.EDGE_SIGN_IN_PER_MINUTE),
    EDGE_SIGN_IN_BURST: String(config.EDGE_SIGN_IN_BURST),
    EDGE_HSTS: String(config.EDGE_HSTS),

    TRUSTED_PROXY_DIRECTIVES: commaSeparated(config.EDGE_TRUSTED_PROXIES)
      .map((cidr) => `set_real_ip_from ${cidr};`)
      .join(' '),
    KEEPALIVE_MIN_TIMEOUT_DIRECTIVE: outlivesReload(nginxVersion()) ? 'keepalive_min_timeout 2s;' : '',
    EDGE_SIGN_IN_RETRY_AFTER: String(Math.ceil(60 / config.EDGE_SIGN_IN_PER_MINUTE)),
    BALANCER_READ_TIMEOUT: `${seconds + 2}s`,
    BALANCER_RETRY_WITHIN: `${Math.min(seconds + 2, 5)}s`,
    GATEWAY_READ_TIMEOUT: `${seconds + 10}s`,
  }
}

/**
 * Of each of the two nginx. A third of the cores is what one of them takes of a request; with one worker a core they share out
 * the requests so thinly that every process is woken more often than it has work (docs/performance.md).
 */
export const workersOf = (cores: number): number => Math.ceil(cores / 3)

/** Whether nginx of this version can keep clients' idle connections over a reload. */
export function outlivesReload(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return (major - 1) * 1e6 + (minor - 27) * 1e3 + (patch - 4) >= 0
}

/** `1.22.1`; empty where nginx is not installed, which whoever starts it says. */
export function nginxVersion(): string {
  const program = locate('nginx')
  if (program === undefined) return ''
  return /nginx\/([\d.]+)/.exec(spawnSync(program, ['-v'], { encoding: 'utf8' }).stderr)?.[1] ?? ''
}

/** With fewer than three replicas the templates' three places are shared among them. */
const replicaNumber = (place: number, config: Config): number => ((place - 1) % config.REPLICAS) + 1
