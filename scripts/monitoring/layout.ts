/** Where the monitoring of one stack listens and keeps its files: beside the stack's own, moved by the same PORT_BASE. */

import { join } from 'node:path'
import type { Layout } from '#scripts/engine/layout.ts'

export interface MonitoringLayout {
  readonly ports: Readonly<{ prometheus: number; alertmanager: number }>
  readonly state: string
  readonly run: string
  readonly log: string
  /** Configuration, and what was measured in data/. */
  readonly prometheus: string
  readonly alertmanager: string
}

/** @param portBase - 0 for the usual ports */
export function monitoringLayout(portBase: number, stack: Layout): MonitoringLayout {
  const state = join(stack.state, 'monitoring')
  return {
    ports:
      portBase === 0
        ? { prometheus: 9090, alertmanager: 9093 }
        : { prometheus: portBase + 90, alertmanager: portBase + 93 },
    state,
    run: join(state, 'run'),
    log: join(state, 'log'),
    prometheus: join(state, 'prometheus'),
    alertmanager: join(state, 'alertmanager'),
  }
}
