/** What a replica tells of itself and of its fleet: status, the registry for /lb/status, metrics of all replicas. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { AggregatorRegistry, type Registry as Metrics } from 'prom-client'
import { Type } from 'typebox'
import { refusals } from '#http/schemas.ts'
import { AppError } from '#kernel/errors.ts'
import type { Registry, Replica } from '#kernel/replicas.ts'

export interface OperationsDeps {
  readonly instanceId: string
  readonly version: string
  readonly registry: Registry
  readonly metrics: Metrics
  /** Bearer token that /metrics asks for; an empty one opens to nobody, `undefined` (demo mode) to whoever the edge lets through. */
  readonly metricsToken: string | undefined
}

const Status = Type.Object({
  status: Type.Literal('ok'),
  instanceId: Type.String(),
  version: Type.String(),
  uptime: Type.Number({ description: 'seconds since this replica started' }),
})

export function operations({ instanceId, version, registry, metrics, metricsToken }: OperationsDeps) {
  const routes = (app: FastifyInstance): void => {
    app.get(
      '/api/v1/status',
      {
        config: { public: true },
        schema: {
          summary: 'Which replica answers?',
          tags: ['status'],
          response: { 200: Status, ...refusals },
        },
      },
      () => ({ status: 'ok', instanceId, version, uptime: Math.round(process.uptime()) }) as const,
    )
  }

  // No part of the contract with clients.
  const hidden = { schema: { hide: true } }

  /** Reached by the balancer and by other replicas alone: both tiers refuse /internal/ from outside. */
  const internalRoutes = (app: FastifyInstance): void => {
    app.get('/internal/replicas', hidden, () => ({ replicas: registry.replicas().map(shown) }))
    app.get('/internal/metrics', hidden, () => metrics.getMetricsAsJSON())
    app.get('/metrics', { ...hidden, config: { hasOwnCredential: true } }, async (request, reply) => {
      if (metricsToken !== undefined && !isToken(request.headers.authorization, metricsToken)) {
        throw new AppError('unauthorized', { detail: 'Send the metrics token as Authorization: Bearer.' })
      }
      reply.type('text/plain; version=0.0.4; charset=utf-8')
      return clusterMetrics(instanceId, metrics, registry.replicas())
    })
  }
  return { permissions: [] as const, routes, internalRoutes }
}

// Compared by digest: equal lengths, so that the time taken tells nothing.
function isToken(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return token !== '' && timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}

/** For anyone: what a balancer would tell of the replicas, and nothing of what they hold. */
const shown = ({ instanceId, state, version, startedAt, inFlight, requestsPerSecond, p99Ms }: Replica) => ({
  instanceId,
  state,
  version,
  startedAt,
  inFlight,
  requestsPerSecond,
  p99Ms,
})

/** The sum over all replicas that answer within a second; those that do not are left out, as a scrape would. */
async function clusterMetrics(
  instanceId: string,
  own: Metrics,
  replicas: readonly Replica[],
): Promise<string> {
  const others = replicas.filter((replica) => replica.instanceId !== instanceId && replica.state !== 'down')
  const answers = await Promise.allSettled(
    others.map(async ({ address }) =>
      (await fetch(`${address}/internal/metrics`, { signal: AbortSignal.timeout(1_000) })).json(),
    ),
  )
  const heard = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value as object] : []))
  return AggregatorRegistry.aggregate([await own.getMetricsAsJSON(), ...heard]).metrics()
}
