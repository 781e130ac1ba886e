/** What a person may try first. */

import type { Config } from '#app/config.ts'
import type { Layout } from './engine/layout.ts'

export function welcome({ DEMO }: Config, { ports }: Layout): string {
  const gateway = `localhost:${ports.gateway}`
  const open = `  open http://${gateway}/  and  http://${gateway}/docs

  curl ${gateway}/gateway-health
  curl ${gateway}/api/v1/resources
  for i in 1 2 3 4 5 6; do curl -s localhost:${ports.balancer}/api/v1/status; echo; done    # three replicas`
  const demo = `
  curl ${gateway}/api/users/1 -H 'Authorization: Bearer dummy-token' -i    # twice: Cache-Status turns to hit
  curl -X POST ${gateway}/api/v1/auth/login -H 'Content-Type: application/json' \\
    -d '{"email":"admin@example.com","password":"admin123"}'

  demo accounts  admin@example.com / admin123 (admin)    user@example.com / user123 (user)
  demo API keys  admin-token-dev (admin)                 dummy-token (users:read, users:write)`
  const after = `
  make status   make logs S=api-1   make stop   make help`
  return `${open}${DEMO ? demo : ''}\n${after}`
}
