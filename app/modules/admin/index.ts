/** What an admin sees and does: the system at a glance and live, replicas, breakers, the cache, the limits, the logs. */

import type { FastifyInstance } from 'fastify'
import type { KnowsReplicas } from '#http/internal-route.ts'
import type { Audited } from './audited.ts'
import { beatInternalRoutes } from './beat.routes.ts'
import { type BreakerRoutesDeps, breakerRoutes } from './breakers.routes.ts'
import { type CacheRoutesDeps, cacheRoutes } from './cache.routes.ts'
import { type DashboardDeps, dashboardRoutes } from './dashboard.routes.ts'
import { eventRoutes } from './events.routes.ts'
import type { Events } from './events.ts'
import { type LogLevelDeps, logLevelRoutes } from './log-level.routes.ts'
import { rateLimitInternalRoutes, rateLimitRoutes } from './rate-limits.routes.ts'
import { type RateLimitsDeps, rateLimits } from './rate-limits.ts'
import { type ReplicaRoutesDeps, replicaRoutes } from './replicas.routes.ts'
import { requestRoutes } from './requests.routes.ts'

export { type Audited, audited } from './audited.ts'
export { events } from './events.ts'
export { fleetWishes } from './fleet-wishes.ts'
export { requestEvent } from './request-event.ts'
export type { SystemPicture } from './system.schemas.ts'

export interface AdminDeps
  extends DashboardDeps,
    BreakerRoutesDeps,
    CacheRoutesDeps,
    RateLimitsDeps,
    ReplicaRoutesDeps,
    LogLevelDeps {
  readonly audited: Audited
  readonly events: Events
  readonly internal: KnowsReplicas
}

export function admin(deps: AdminDeps) {
  const limits = rateLimits(deps)
  const routes = (app: FastifyInstance): void => {
    dashboardRoutes(app, deps)
    eventRoutes(app, deps.events)
    replicaRoutes(app, deps)
    breakerRoutes(app, deps)
    cacheRoutes(app, deps)
    rateLimitRoutes(app, limits)
    logLevelRoutes(app, deps)
    requestRoutes(app, deps)
  }
  return {
    permissions: ['admin:read', 'admin:write'] as const,
    routes,
    internalRoutes: (app: FastifyInstance) => {
      rateLimitInternalRoutes(app, limits, deps.internal)
      beatInternalRoutes(app, deps.registry, deps.internal)
    },
  }
}
