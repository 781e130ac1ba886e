/** The breakers: their state everywhere, and forcing one at all replicas for a while. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { notFound } from '#kernel/errors.ts'
import type { Registry } from '#kernel/replicas.ts'
import type { Breaker, BreakerForce } from '#platform/breaker.ts'
import { described, reading, writing } from './admin-route.ts'
import type { Audited } from './audited.ts'
import { BreakerChange, Breakers, ForcedBreaker } from './breakers.schemas.ts'
import { breakerWish } from './fleet-wishes.ts'

export interface BreakerRoutesDeps {
  readonly instanceId: string
  readonly breakers: readonly Breaker[]
  readonly registry: Registry
  readonly audited: Audited
}

interface Change {
  Params: { name: string }
  Body: { state: BreakerForce; forSeconds: number }
}

export function breakerRoutes(app: FastifyInstance, deps: BreakerRoutesDeps): void {
  const { instanceId, breakers, registry, audited } = deps
  app.get(
    '/api/v1/admin/circuit-breakers',
    { config: reading, schema: described('Breakers, and their states at all replicas', Breakers) },
    () => ({
      instanceId,
      breakers: breakers.map((breaker) => breaker.report()),
      replicas: registry.replicas().map(({ instanceId, breakers }) => ({ instanceId, breakers })),
    }),
  )

  app.put<Change>(
    '/api/v1/admin/circuit-breakers/:name',
    {
      config: writing,
      schema: {
        ...described(
          'Force a breaker open or closed at all replicas, or leave it to its rules',
          ForcedBreaker,
        ),
        params: Type.Object({ name: Type.String({ maxLength: 100, examples: ['external'] }) }),
        body: BreakerChange,
      },
    },
    async (request) => {
      const { name } = request.params
      const { state, forSeconds } = request.body
      const breaker = breakers.find((each) => each.report().name === name)
      if (!breaker) throw notFound('circuit breaker', name)
      if (state === 'auto') await registry.takeBack(breakerWish(name))
      else await registry.makeWish(breakerWish(name), state, forSeconds * 1_000)
      await registry.beat()
      const details = state === 'auto' ? { state } : { state, forSeconds }
      await audited(request, { action: 'circuit-breakers.force', target: `circuit-breaker:${name}`, details })
      const until = state === 'auto' ? null : new Date(Date.now() + forSeconds * 1_000).toISOString()
      return { instanceId, breaker: breaker.report(), until }
    },
  )
}
