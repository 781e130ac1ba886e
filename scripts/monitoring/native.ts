/** Starts, asks and ends the two servers. They outlive the stack: who watches an outage must not end with it. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '#scripts/engine/engine-error.ts'
import { forget, identify, record, signal } from '#scripts/engine/identity.ts'
import { requirePorts } from '#scripts/engine/ports.ts'
import { launch, untilReady } from '#scripts/engine/process.ts'
import type { ProcessReport } from '#scripts/engine/stack-run.ts'
import { endGently, logFile, orphanOf, type Service } from '#scripts/engine/supervised.ts'
import type { MonitoringLayout } from './layout.ts'
import { monitoringServices } from './servers.ts'

/** Brings up what is down, and lets what runs read its configuration again. @throws {EngineError} saying what failed */
export async function startMonitoring(
  layout: MonitoringLayout,
  portBase: number,
  say: (line: string) => void,
): Promise<void> {
  for (const folder of [layout.run, layout.log]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const services = monitoringServices(layout)
  const isDown = ({ name }: Service): boolean => orphanOf(layout, name) === undefined
  const wanted = services.filter(isDown)
  const ports = new Map<string, number>(Object.entries(layout.ports))
  await requirePorts(
    new Map([...ports].filter(([name]) => wanted.some((one) => one.name === name))),
    portBase,
  )
  for (const service of services) {
    if (wanted.includes(service)) {
      say(`starting ${service.name}`)
      await start(service, layout)
      say(`${service.name} is up`)
    } else {
      await reload(service)
      say(`${service.name} is running already, and has read its files again`)
    }
  }
}

async function start(service: Service, layout: MonitoringLayout): Promise<void> {
  const log = logFile(layout, service.name)
  const child = launch(await service.prepare(), { logFile: log, detached: true })
  const pids = pidFile(layout, service)
  const process = child.pid === undefined ? undefined : identify(child.pid)
  if (process !== undefined) record(pids, process)
  try {
    // The first start after a kill reads what was not yet written to its blocks.
    await untilReady(child, service.isReady, { name: service.name, logFile: log, timeoutMs: 60_000 })
  } catch (error) {
    if (process !== undefined) signal(process, 'SIGKILL')
    forget(pids)
    throw error
  }
  child.unref()
}

/** @throws {EngineError} with its own words when it refuses them; it goes on with those it had */
async function reload({ name, address }: Service): Promise<void> {
  const answer = await fetch(`${address}/-/reload`, { method: 'POST' })
  if (!answer.ok) throw new EngineError(`${name} refuses its new files: ${(await answer.text()).trim()}`)
}

export async function stopMonitoring(layout: MonitoringLayout): Promise<void> {
  for (const service of [...monitoringServices(layout)].reverse()) {
    const process = orphanOf(layout, service.name)
    if (process !== undefined) await endGently(process, service)
    forget(pidFile(layout, service))
  }
}

export const monitoringReport = (layout: MonitoringLayout): Promise<readonly ProcessReport[]> =>
  Promise.all(
    monitoringServices(layout).map(async (service) => {
      const process = orphanOf(layout, service.name)
      const state = process === undefined ? 'down' : (await service.isReady()) ? 'up' : 'starting'
      return { name: service.name, address: service.address, state, pids: process ? [process.pid] : [] }
    }),
  )

const pidFile = ({ run }: MonitoringLayout, { name }: Service): string => join(run, `${name}.pid`)
