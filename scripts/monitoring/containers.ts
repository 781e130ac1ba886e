/** The compose profile `monitoring`: its services, and where they are published. */

import { table } from '#scripts/engine/command.ts'

export const composeServices = ['prometheus', 'alertmanager', 'grafana', 'loki', 'alloy', 'jaeger'] as const

/** Variables of docker-compose.yml by PORT_BASE; empty for the usual ports. */
export const monitoringVariables = (portBase: number): Record<string, string> =>
  portBase === 0
    ? {}
    : {
        PROMETHEUS_PORT: String(portBase + 90),
        ALERTMANAGER_PORT: String(portBase + 93),
        GRAFANA_PORT: String(portBase + 30),
        JAEGER_PORT: String(portBase + 86),
      }

export function containerTable(portBase: number): string {
  const { PROMETHEUS_PORT, ALERTMANAGER_PORT, GRAFANA_PORT, JAEGER_PORT } = {
    PROMETHEUS_PORT: '9090',
    ALERTMANAGER_PORT: '9093',
    GRAFANA_PORT: '3030',
    JAEGER_PORT: '16686',
    ...monitoringVariables(portBase),
  }
  return table(
    ['to see', 'at'],
    [
      ['dashboards, logs, traces', `http://localhost:${GRAFANA_PORT}`],
      ['what is scraped, every alert', `http://localhost:${PROMETHEUS_PORT}`],
      ['what fires now', `http://localhost:${ALERTMANAGER_PORT}`],
      ['traces', `http://localhost:${JAEGER_PORT}`],
      ['what each alert means', 'docs/runbooks/'],
    ],
  )
}
