/** What this replica told last, for those whom Redis does not tell it. */

import type { FastifyInstance } from 'fastify'
import { betweenReplicas, type KnowsReplicas, refuseOthers } from '#http/internal-route.ts'
import type { Registry } from '#kernel/replicas.ts'
import { beatPath } from '#platform/asked-registry.ts'

export function beatInternalRoutes(app: FastifyInstance, registry: Registry, internal: KnowsReplicas): void {
  app.get(beatPath, betweenReplicas, (request) => {
    refuseOthers(request, internal)
    return registry.own()
  })
}
