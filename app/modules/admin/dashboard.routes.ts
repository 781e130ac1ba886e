/** The system at a glance: what it holds, and how the replica that answers is. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { type AdmissionStats, priorities } from '#kernel/admission/admission.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Database } from '#kernel/database.ts'
import type { Registry } from '#kernel/replicas.ts'
import type { Breaker } from '#platform/breaker.ts'
import { described, reading } from './admin-route.ts'
import { BreakerReport } from './breakers.schemas.ts'
import { KindStats } from './cache.routes.ts'
import { ReplicaPicture, SystemTotals } from './system.schemas.ts'
import { systemPicture } from './system-picture.ts'

export interface DashboardDeps {
  readonly instanceId: string
  readonly database: Database
  readonly cache: Cache
  readonly breakers: readonly Breaker[]
  readonly registry: Registry
  readonly admission: () => AdmissionStats
  readonly isDemo: boolean
}

const Count = Type.Integer({ minimum: 0 })

const Dashboard = Type.Object(
  {
    instanceId: Type.String({
      description: 'the replica that answers; breakers, cache and admission are its own',
    }),
    isDemo: Type.Boolean({ description: 'whether there are demo accounts, and experiments' }),
    replicas: Type.Array(ReplicaPicture),
    load: SystemTotals,
    totals: Type.Object(
      { users: Count, resources: Count, items: Count, sessions: Count },
      { description: 'what is in the database; sessions that are open' },
    ),
    admission: Type.Object({
      limit: Count,
      running: Count,
      waiting: Count,
      brake: Type.Integer({ minimum: 0, description: 'priorities that are kept out at the moment' }),
      admitted: Count,
      shed: Type.Object(Object.fromEntries(priorities.map((priority) => [priority, Count]))),
    }),
    breakers: Type.Array(BreakerReport),
    cache: Type.Record(Type.String(), KindStats),
  },
  { title: 'Dashboard' },
)

const counts = `select (select count(*) from users where closed_at is null)::int as users,
  (select count(*) from resources)::int as resources, (select count(*) from items)::int as items,
  (select count(*) from sessions where ended_at is null)::int as sessions`

export function dashboardRoutes(app: FastifyInstance, deps: DashboardDeps): void {
  const { instanceId, isDemo, database, cache, breakers, registry, admission } = deps
  app.get(
    '/api/v1/admin/dashboard',
    { config: reading, schema: described('The system at a glance', Dashboard) },
    async () => {
      const [totals] = await database.text<Record<string, number>>(counts)
      const { replicas, totals: load } = systemPicture(registry.replicas(), registry.time())
      return {
        instanceId,
        isDemo,
        replicas,
        load,
        totals,
        admission: admission(),
        breakers: breakers.map((breaker) => breaker.report()),
        cache: cache.stats(),
      }
    },
  )
}
