/** Writes what Prometheus and Alertmanager read: the files of deploy/monitoring, with the addresses of one stack. */

import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '#app/config.ts'
import { type Layout, root } from '#scripts/engine/layout.ts'
import { fill } from '#scripts/engine/nginx-config.ts'
import type { MonitoringLayout } from './layout.ts'

export interface Monitored {
  readonly config: Pick<Config, 'REPLICAS' | 'METRICS_TOKEN'>
  readonly layout: Pick<Layout, 'ports'>
  readonly monitoring: MonitoringLayout
  /** Where the pages of docs/runbooks are read. */
  readonly runbooks?: string
  /** Another text for a file, by its path below deploy/monitoring: tests shorten the waits. */
  readonly change?: (text: string, file: string) => string
}

interface Target {
  readonly instance: string
  readonly port: number
}

const sources = join(root, 'deploy', 'monitoring')

export function writeConfiguration(monitored: Monitored): void {
  const { config, layout, monitoring } = monitored
  const { prometheus, alertmanager } = monitoring
  // Anew: a rule that was taken out of the clone must not go on. The folder of the targets is watched, and stays.
  rmSync(join(prometheus, 'rules'), { recursive: true, force: true })
  copy(monitored, 'prometheus', '{prometheus.yml,rules/*.yml}', prometheus)
  copy(monitored, 'alertmanager', 'alertmanager.yml', alertmanager)

  const replicas = layout.ports.replicas
    .slice(0, config.REPLICAS)
    .map((port, index) => ({ instance: `api-${index + 1}`, port }))
  const { ports } = monitoring
  const write = (name: string, targets: readonly Target[]) => writeTargets(prometheus, name, targets)
  write('replicas', replicas)
  write('prometheus', [{ instance: 'prometheus', port: ports.prometheus }])
  write('alertmanager', [{ instance: 'alertmanager', port: ports.alertmanager }])
  // Read at every scrape, also in a demo, where nobody asks for a token.
  writeFileSync(join(prometheus, 'metrics-token'), config.METRICS_TOKEN, { mode: 0o600 })
}

function copy(monitored: Monitored, part: string, pattern: string, target: string): void {
  const { runbooks = pathToFileURL(join(root, 'docs', 'runbooks')).href, change = (text) => text } = monitored
  for (const file of globSync(pattern, { cwd: join(sources, part) })) {
    const text = fill(readFileSync(join(sources, part, file), 'utf8'), { RUNBOOKS_URL: runbooks })
    mkdirSync(dirname(join(target, file)), { recursive: true, mode: 0o700 })
    writeFileSync(join(target, file), change(text, join(part, file)))
  }
}

function writeTargets(folder: string, name: string, targets: readonly Target[]): void {
  const found = targets.map(({ instance, port }) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { instance },
  }))
  mkdirSync(join(folder, 'targets'), { recursive: true, mode: 0o700 })
  // JSON is YAML too.
  writeFileSync(join(folder, 'targets', `${name}.yml`), `${JSON.stringify(found, undefined, 2)}\n`)
}
