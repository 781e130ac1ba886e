/** Prometheus and Alertmanager of this machine: how they are started, and how one knows that they are well. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findBinary, locate } from '#scripts/engine/binaries.ts'
import { answersOk } from '#scripts/engine/http.ts'
import type { Service } from '#scripts/engine/supervised.ts'
import type { MonitoringLayout } from './layout.ts'

// Debian's name, and that of its makers.
const alertmanagerNames = ['prometheus-alertmanager', 'alertmanager'] as const
const alertmanagerProgram = (): string =>
  alertmanagerNames.find((name) => locate(name) !== undefined) ?? alertmanagerNames[0]

/** What `make monitor` needs of the machine and does not find. */
export const missingPrograms = (): readonly string[] =>
  ['prometheus', alertmanagerProgram()].filter((name) => locate(name) === undefined)

/** In the order in which they are started. */
export const monitoringServices = (layout: MonitoringLayout): readonly [Service, Service] => [
  alertmanager(layout),
  prometheus(layout),
]

function alertmanager({ alertmanager: folder, ports: { alertmanager: port } }: MonitoringLayout): Service {
  return {
    name: 'alertmanager',
    address: `http://127.0.0.1:${port}`,
    prepare: () => ({
      program: findBinary(alertmanagerProgram()),
      args: [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${madeIn(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        // One of them has nobody to gossip with.
        '--cluster.listen-address=',
      ],
    }),
    isReady: () => answersOk({ port, path: '/-/ready' }),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
  }
}

function prometheus({ prometheus: folder, ports: { prometheus: port } }: MonitoringLayout): Service {
  return {
    name: 'prometheus',
    address: `http://127.0.0.1:${port}`,
    prepare: () => ({
      program: findBinary('prometheus'),
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${madeIn(folder, 'data')}`,
        // The objectives look at thirty days.
        '--storage.tsdb.retention.time=31d',
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-lifecycle',
        '--enable-feature=exemplar-storage',
      ],
    }),
    isReady: () => answersOk({ port, path: '/-/ready' }),
    stopSignal: 'SIGTERM',
    // Writes what it holds in memory to the disk.
    stopTimeoutMs: 20_000,
  }
}

function madeIn(folder: string, name: string): string {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}
