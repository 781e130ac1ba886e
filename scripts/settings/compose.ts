/** What docker-compose.yml reads that is no setting of the application; with it, RUNBOOKS_URL, which `make monitor` reads natively too. */

import type { SettingGroup } from './groups.ts'

const setting = (name: string, value: string, description: string): SettingGroup['settings'][number] => [
  name,
  { default: value, description, type: 'string' },
]

export const composeSettings: SettingGroup = {
  title: 'Containers (docker-compose.yml); natively nothing reads them, but RUNBOOKS_URL',
  settings: [
    setting(
      'GATEWAY_BIND',
      '127.0.0.1',
      'address the gateway is published at; 0.0.0.0 is refused in demo mode',
    ),
    setting('GATEWAY_PORT', '8080', 'published by the gateway; with PORT_BASE it follows from that'),
    setting(
      'BALANCER_PORT',
      '3000',
      'published by the balancer, on loopback always; with PORT_BASE it follows',
    ),
    setting('POSTGRES_PORT', '54329', 'published by Postgres on loopback, with deploy/docker/dev.yml only'),
    setting('REDIS_PORT', '56379', 'published by Redis on loopback, with deploy/docker/dev.yml only'),
    setting('NETWORK_PREFIX', '10.83.0', 'first three numbers of a private /24; another one for each stack'),
    setting(
      'WORKER_PROCESSES',
      '',
      'of each nginx; empty for a third of the cores, auto for as many as cores',
    ),
    setting('IMAGE_TAG', '0.1.0', 'tag of the images that are built of the clone'),
    setting(
      'COMPOSE_FILE',
      'docker-compose.yml',
      'files Compose reads, one after the other, with a colon between',
    ),
    setting(
      'COMPOSE_PROJECT_NAME',
      '',
      'names containers, volumes and networks when Compose is called by hand; empty for the name of the folder',
    ),
    setting('COMPOSE_PROFILES', '', 'monitoring starts Prometheus, Grafana and the rest beside the stack'),
    setting('PROMETHEUS_PORT', '9090', 'published by Prometheus on loopback'),
    setting('ALERTMANAGER_PORT', '9093', 'published by Alertmanager on loopback'),
    setting('GRAFANA_PORT', '3030', 'published by Grafana on loopback'),
    setting('JAEGER_PORT', '16686', 'published by Jaeger on loopback'),
    setting('RUNBOOKS_URL', 'docs/runbooks', 'where the links of the alerts lead'),
    setting('DOCKER_DATA_DIR', '/var/lib/docker', "where the engine keeps its containers' logs, for Loki"),
  ],
}
