/** What this replica told last, for those whom Redis does not tell it. */

import type { FastifyInstance } from 'fastify'
import type { Registry } from '#kernel/replicas.ts'
import { beatPath } from '#platform/asked-registry.ts'
import type { InternalAccess } from '#platform/internal-access.ts'
import { betweenReplicas, refuseOthers } from './internal-route.ts'

export function beatInternalRoutes(app: FastifyInstance, registry: Registry, internal: InternalAccess): void {
  app.get(beatPath, betweenReplicas, (request) => {
    refuseOthers(request, internal)
    return registry.own()
  })
}
