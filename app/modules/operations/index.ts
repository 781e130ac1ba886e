/** What a replica tells of itself and of its fleet: status, the registry for /lb/status, metrics of all replicas. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Registry as Metrics } from 'prom-client'
import { type Static, Type } from 'typebox'
import { refusals } from '#http/schemas.ts'
import { AppError } from '#kernel/errors.ts'
import type { Registry, Replica } from '#kernel/replicas.ts'
import { exposition, type MetricFigures, mediaTypeFor } from '#platform/exposition.ts'
import { type InternalAccess, isBearer } from '#platform/internal-access.ts'

export interface OperationsDeps {
  readonly instanceId: string
  readonly version: string
  /** Whom anybody may sign in as; undefined outside demo mode. */
  readonly demoAccounts: readonly DemoAccount[] | undefined
  readonly registry: Registry
  readonly metrics: Metrics
  /** Bearer token that /metrics asks for; an empty one opens to nobody, `undefined` (demo mode) to whoever the edge lets through. */
  readonly metricsToken: string | undefined
  /** By which other replicas are known. */
  readonly internal: InternalAccess
}

const DemoAccount = Type.Object({ email: Type.String(), password: Type.String() })
type DemoAccount = Static<typeof DemoAccount>

const Status = Type.Object(
  {
    status: Type.Literal('ok'),
    instanceId: Type.String(),
    version: Type.String(),
    uptime: Type.Number({ description: 'seconds since this replica started' }),
    demoAccounts: Type.Optional(
      Type.Array(DemoAccount, { description: 'in demo mode alone: whom anybody may sign in as' }),
    ),
  },
  { title: 'Status' },
)

export function operations(deps: OperationsDeps) {
  const { instanceId, version, demoAccounts, registry, metrics, metricsToken, internal } = deps

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
      () =>
        ({
          status: 'ok',
          instanceId,
          version,
          uptime: Math.round(process.uptime()),
          ...(demoAccounts && { demoAccounts: [...demoAccounts] }),
        }) as const,
    )
  }

  // No part of the contract with clients.
  const hidden = { schema: { hide: true } }
  const withToken = { ...hidden, config: { hasOwnCredential: true } } as const

  const refuseWithoutToken = ({ headers }: FastifyRequest): void => {
    if (metricsToken === undefined || isBearer(headers.authorization, metricsToken)) return
    throw new AppError('unauthorized', { detail: 'Send the metrics token as Authorization: Bearer.' })
  }

  /** Reached by the balancer and by other replicas alone: both tiers refuse /internal/ from outside. */
  const internalRoutes = (app: FastifyInstance): void => {
    app.get('/internal/replicas', hidden, () => ({ replicas: registry.replicas().map(shown) }))
    app.get('/internal/metrics', withToken, async (request, reply) => {
      const { authorization, accept } = request.headers
      if (!internal.isInternal(authorization)) refuseWithoutToken(request)
      const own = await figuresOf(metrics)
      // Other replicas add it to theirs.
      if (accept === 'application/json') return own
      const mediaType = mediaTypeFor(accept)
      reply.type(mediaType)
      return exposition([own], mediaType)
    })
    app.get('/metrics', withToken, async (request, reply) => {
      refuseWithoutToken(request)
      const mediaType = mediaTypeFor(request.headers.accept)
      const others = registry
        .replicas()
        .filter((replica) => replica.instanceId !== instanceId && replica.state !== 'down')
      const figures = await Promise.all([figuresOf(metrics), ...others.map(figuresFrom(internal))])
      reply.type(mediaType)
      return exposition(figures, mediaType)
    })
  }
  return { permissions: [] as const, routes, internalRoutes }
}

/** For anyone: what a balancer would tell of the replicas, and nothing of what they hold. */
const shown = (replica: Replica) => ({
  instanceId: replica.instanceId,
  state: replica.state,
  version: replica.version,
  startedAt: replica.startedAt,
  inFlight: replica.inFlight,
  requestsPerSecond: replica.requestsPerSecond,
  errorsPerSecond: replica.errorsPerSecond,
  p99Ms: replica.p99Ms,
})

const figuresOf = async (metrics: Metrics): Promise<MetricFigures[]> =>
  (await metrics.getMetricsAsJSON()) as unknown as MetricFigures[]

/** Nothing of one that does not answer within a second: it is left out, as a scrape would leave it out. */
const figuresFrom =
  ({ headers }: InternalAccess) =>
  async ({ address }: Replica): Promise<MetricFigures[]> => {
    try {
      const answer = await fetch(`${address}/internal/metrics`, {
        headers: { ...headers, accept: 'application/json' },
        signal: AbortSignal.timeout(1_000),
      })
      return answer.ok ? ((await answer.json()) as MetricFigures[]) : []
    } catch {
      return []
    }
  }
