/** A real Prometheus and a real Alertmanager beside a stack, with the project's own rules, fifteen times as impatient. */

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Layout } from '#scripts/engine/layout.ts'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { writeConfiguration } from '#scripts/monitoring/configuration.ts'
import { type MonitoringLayout, monitoringLayout } from '#scripts/monitoring/layout.ts'
import { startMonitoring, stopMonitoring } from '#scripts/monitoring/native.ts'
import type { Scope } from './scope.ts'

/** An alert as Alertmanager has it. */
export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Monitoring {
  /** What Alertmanager holds of one alert at the moment; what has ended is not among it. */
  firing(alertname: string): Promise<readonly FiringAlert[]>
  /** A path of Prometheus's API, its `data`. */
  prometheus<T>(path: string): Promise<T>
}

const haste = 15
const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

// Windows, waits and intervals alike, so that what one minute does to five, four seconds do to twenty.
const hastened = (text: string): string =>
  text.replace(
    /(\[|\w: )(\d+)([smhd])(?=[\],}\s])/g,
    (_, before: string, figure: string, unit: keyof typeof unitsMs) => {
      return `${before}${Math.ceil((Number(figure) * unitsMs[unit]) / haste)}ms`
    },
  )

/** Ports and a folder of a test's own; what was started there is ended with it. */
export async function monitoringPlace(t: Scope, stack: Layout): Promise<MonitoringLayout> {
  const state = mkdtempSync(join(tmpdir(), 'sluice-monitoring-'))
  const [prometheus = 0, alertmanager = 0] = await freePorts(2)
  const layout = { ...monitoringLayout(0, { ...stack, state }), ports: { prometheus, alertmanager } }
  t.teardown(async () => {
    await stopMonitoring(layout)
    rmSync(state, { recursive: true, force: true })
  })
  return layout
}

export async function testMonitoring(t: Scope, stack: RunningStack): Promise<Monitoring> {
  const layout = await monitoringPlace(t, stack.layout)
  const { prometheus, alertmanager } = layout.ports
  const config = { REPLICAS: Object.keys(stack.replicas).length, METRICS_TOKEN: '' }
  writeConfiguration({
    config,
    layout: stack.layout,
    monitoring: layout,
    runbooks: 'docs/runbooks',
    change: hastened,
  })
  await startMonitoring(layout, 0, () => undefined)

  const ask = async <T>(port: number, path: string): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    firing: (alertname) =>
      ask<FiringAlert[]>(
        alertmanager,
        `/api/v2/alerts?filter=${encodeURIComponent(`alertname="${alertname}"`)}`,
      ),
    prometheus: async <T>(path: string) => (await ask<{ data: T }>(prometheus, path)).data,
  }
}

// Held at once, so that they differ.
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
