/** What an admin sees and does: the system at a glance, breakers, the cache, the limits, the replicas. */

import type { FastifyInstance } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { refusals } from '#http/schemas.ts'
import type { AdmissionStats } from '#kernel/admission.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Database } from '#kernel/database.ts'
import { notFound } from '#kernel/errors.ts'
import type { Limiter, Policy } from '#kernel/limiter/policy.ts'
import { tiers } from '#kernel/principal.ts'
import type { Registry } from '#kernel/replicas.ts'
import type { Breaker, BreakerForce } from '#platform/breaker.ts'
import { eventRoutes } from './events.routes.ts'
import type { Events } from './events.ts'

export { events } from './events.ts'
export { requestEvent } from './request-event.ts'
export type { SystemPicture } from './system.schemas.ts'

export interface AdminDeps {
  readonly instanceId: string
  readonly database: Database
  readonly cache: Cache
  readonly breakers: readonly Breaker[]
  readonly registry: Registry
  /** The tiers, and what routes have of their own. */
  readonly policies: readonly Policy[]
  readonly busiest: Limiter['busiest']
  readonly load: () => { requestsPerSecond: number; p99Ms: number }
  readonly admission: () => AdmissionStats
  readonly events: Events
}

const counts = `select (select count(*) from users where closed_at is null)::int as users,
  (select count(*) from resources)::int as resources, (select count(*) from items)::int as items,
  (select count(*) from sessions where ended_at is null)::int as sessions`

const topKeys = 20

export function admin(deps: AdminDeps) {
  const { instanceId, database, cache, breakers, registry, policies, busiest, load, admission } = deps
  const breakerReports = () => breakers.map((breaker) => breaker.report())
  const limits = () => ({
    instanceId,
    tiers: policies
      .filter(({ name }) => isTier(name))
      .map(({ name: tier, capacity, refillPerSecond }) => ({ tier, capacity, refillPerSecond })),
    routes: policies
      .filter(({ name }) => !isTier(name))
      .map(({ name, capacity, refillPerSecond }) => ({ name, capacity, refillPerSecond })),
    topKeys: busiest(topKeys).map(({ policy, ...use }) => ({ ...use, policy: policy.name })),
  })

  const routes = (app: FastifyInstance): void => {
    eventRoutes(app, deps.events)
    const read = (path: string, summary: string, answer: () => unknown): void => {
      app.get(
        `/api/v1/admin/${path}`,
        { config: { permission: 'admin:read' }, schema: described(summary) },
        answer as never,
      )
    }
    read('dashboard', 'The system at a glance', async () => {
      const [totals] = await database.text<Record<string, number>>(counts)
      return {
        instanceId,
        replicas: registry.replicas(),
        load: load(),
        admission: admission(),
        totals,
        breakers: breakerReports(),
        cache: cache.stats(),
      }
    })
    read(
      'circuit-breakers',
      'Breakers of the replica that answers, and their states at all replicas',
      () => ({
        instanceId,
        breakers: breakerReports(),
        replicas: registry.replicas().map(({ instanceId, breakers }) => ({ instanceId, breakers })),
      }),
    )
    app.put<{ Params: { name: string }; Body: { state: BreakerForce } }>(
      '/api/v1/admin/circuit-breakers/:name',
      {
        config: { permission: 'admin:write' },
        schema: {
          ...described(
            'Force a breaker of the replica that answers open or closed, or leave it to its rules',
          ),
          params: Type.Object({ name: Type.String({ maxLength: 100 }) }),
          body: Type.Object(
            { state: Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('auto')]) },
            { additionalProperties: false },
          ),
        },
      },
      ({ params, body }) => {
        const breaker = breakers.find((each) => each.report().name === params.name)
        if (!breaker) throw notFound('circuit breaker', params.name)
        breaker.force(body.state)
        return { instanceId, breaker: breaker.report() }
      },
    )
    read('cache', 'Hits and misses of the replica that answers', () => ({ instanceId, ...cache.stats() }))
    read('replicas', 'All replicas', () => ({ replicas: registry.replicas() }))
    read('rate-limits', 'Quotas, and who spends most at the replica that answers', limits)

    app.post(
      '/api/v1/admin/cache/clear',
      {
        config: { permission: 'admin:write' },
        schema: described('Forget every cached answer, on every replica'),
      },
      async () => ({ cleared: await cache.clear() }),
    )
  }
  return { permissions: ['admin:read', 'admin:write'] as const, routes }
}

const isTier = (name: string): boolean => tiers.some((tier) => tier === name)

const described = (summary: string) => {
  const answer: TSchema = Type.Unsafe({ type: 'object', additionalProperties: true })
  return { summary, tags: ['admin'], response: { 200: answer, ...refusals } }
}
