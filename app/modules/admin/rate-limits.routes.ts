/** `GET /admin/rate-limits`, and the address at which replicas ask each other for their parts of it. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { betweenReplicas, type KnowsReplicas, refuseOthers } from '#http/internal-route.ts'
import { described, reading } from './admin-route.ts'
import { limitUsePath, type rateLimits } from './rate-limits.ts'

type RateLimits = ReturnType<typeof rateLimits>

const Count = Type.Integer({ minimum: 0 })
const figures = { capacity: Count, refillPerSecond: Type.Number({ minimum: 0 }) }

const RateLimitReport = Type.Object(
  {
    instanceId: Type.String({ description: 'the replica that answers' }),
    replicas: Type.Integer({ minimum: 1, description: 'how many the figures are of' }),
    tiers: Type.Array(Type.Object({ tier: Type.String(), ...figures })),
    routes: Type.Array(Type.Object({ name: Type.String(), ...figures })),
    decisions: Type.Array(Type.Object({ policy: Type.String(), allowed: Count, denied: Count }), {
      description: 'since the replicas started',
    }),
    topKeys: Type.Array(
      Type.Object({
        key: Type.String({ description: 'user:7, api-key:3 or ip:192.0.2.1' }),
        policy: Type.String(),
        spent: Type.Integer({ minimum: 0, description: 'since the bucket was last idle' }),
        remaining: Type.Integer({ description: 'as the replica knows that has seen the least left' }),
      }),
    ),
  },
  { title: 'RateLimitReport' },
)

export function rateLimitRoutes(app: FastifyInstance, limits: RateLimits): void {
  app.get(
    '/api/v1/admin/rate-limits',
    {
      config: reading,
      schema: described('Quotas, who spends most, and how often they refused', RateLimitReport),
    },
    () => limits.report(),
  )
}

export function rateLimitInternalRoutes(
  app: FastifyInstance,
  limits: RateLimits,
  internal: KnowsReplicas,
): void {
  app.get(limitUsePath, betweenReplicas, (request) => {
    refuseOthers(request, internal)
    return limits.ownUse()
  })
}
