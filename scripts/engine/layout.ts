/** Where one stack listens and keeps its files. Two stacks with different PORT_BASE share nothing. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivate, socketFolder } from './sockets.ts'

export const root = join(import.meta.dirname, '..', '..')

export interface Layout {
  readonly ports: Readonly<{
    gateway: number
    balancer: number
    replicas: readonly [number, number, number]
    redis: number
    postgres: number
  }>
  /** Everything of this stack lies in here. */
  readonly state: string
  readonly run: string
  readonly log: string
  readonly secrets: string
  readonly postgres: string
  readonly redis: string
  readonly nginx: string
}

/** @param portBase - 0 for the usual ports */
export function layoutOf(portBase: number, folder = join(root, '.local')): Layout {
  const state = portBase === 0 ? folder : join(folder, String(portBase))
  return {
    ports: portBase === 0 ? usualPorts : portsFrom(portBase),
    state,
    run: socketFolder(join(state, 'run')),
    log: join(state, 'log'),
    secrets: join(state, 'secrets'),
    postgres: join(state, 'postgres'),
    redis: join(state, 'redis'),
    nginx: join(state, 'nginx'),
  }
}

/** Makes the folders every process counts on. */
export function makeFolders({ state, run, log }: Layout): void {
  // Postgres, another user when we are root, must get through to its own folder in here.
  for (const folder of [state, log]) mkdirSync(folder, { recursive: true, mode: 0o755 })
  makePrivate(run)
}

const usualPorts: Layout['ports'] = {
  gateway: 8080,
  balancer: 3000,
  replicas: [3001, 3002, 3003],
  redis: 56_379,
  postgres: 54_329,
}

const portsFrom = (base: number): Layout['ports'] => ({
  gateway: base + 80,
  balancer: base,
  replicas: [base + 1, base + 2, base + 3],
  redis: base + 79,
  postgres: base + 32,
})
