/** Recent slow and failed requests, step by step, of all replicas: what a trace viewer shows, without one. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refusals } from '#http/schemas.ts'
import { AppError, notFound } from '#kernel/errors.ts'
import type { Registry, Replica } from '#kernel/replicas.ts'
import type { InternalAccess } from '#platform/internal-access.ts'
import type { Tracing } from '#platform/tracing.ts'
import { ownTraces } from './own-traces.ts'
import { type Trace, TraceId, TraceQuery, Traces } from './traces.schemas.ts'

export interface TracesDeps {
  readonly instanceId: string
  /** Undefined where tracing is off: there are none then. */
  readonly tracing: Tracing | undefined
  readonly registry: Registry
  readonly internal: InternalAccess
}

export function traces({ instanceId, tracing, registry, internal }: TracesDeps) {
  const own = ownTraces(tracing, instanceId)

  /** Of all replicas that answer within a second. */
  const everywhere = async (mine: Trace[], path: string): Promise<Trace[]> => {
    const others = registry
      .replicas()
      .filter((replica) => replica.instanceId !== instanceId && replica.state !== 'down')
    const theirs = await Promise.all(others.map((replica) => ask(replica, path, internal)))
    return [...mine, ...theirs.flat()]
  }

  const routes = (app: FastifyInstance): void => {
    const config = { permission: 'admin:read' } as const
    app.get<{ Querystring: TraceQuery }>(
      '/api/v1/admin/traces',
      {
        config,
        schema: {
          summary: 'Recent slow and failed requests of all replicas, step by step',
          tags: ['admin'],
          querystring: TraceQuery,
          response: { 200: Traces, ...refusals },
        },
      },
      async ({ query }) => {
        const all = await everywhere(own.notable(query), `?${searchOf(query)}`)
        return { data: all.sort((a, b) => b.time.localeCompare(a.time)).slice(0, query.limit) }
      },
    )
    app.get<{ Params: TraceId }>(
      '/api/v1/admin/traces/:traceId',
      {
        config,
        schema: {
          summary: 'The requests of one trace, sampled ones too',
          tags: ['admin'],
          params: TraceId,
          response: { 200: Traces, ...refusals },
        },
      },
      async ({ params: { traceId } }) => {
        const data = await everywhere(own.of(traceId), `/${traceId}`)
        if (data.length === 0) throw notFound('trace', traceId)
        return { data: data.sort((a, b) => a.time.localeCompare(b.time)) }
      },
    )
  }

  /** For other replicas alone. */
  const internalRoutes = (app: FastifyInstance): void => {
    const hidden = { schema: { hide: true }, config: { hasOwnCredential: true } } as const
    const refuseOthers = ({ headers }: FastifyRequest): void => {
      if (!internal.isInternal(headers.authorization)) {
        throw new AppError('unauthorized', { detail: 'Only replicas ask this.' })
      }
    }
    app.get<{ Querystring: TraceQuery }>(
      '/internal/traces',
      { ...hidden, schema: { ...hidden.schema, querystring: TraceQuery } },
      async (request) => {
        refuseOthers(request)
        return own.notable(request.query)
      },
    )
    app.get<{ Params: TraceId }>('/internal/traces/:traceId', hidden, async (request) => {
      refuseOthers(request)
      return own.of(request.params.traceId)
    })
  }
  return { permissions: [] as const, routes, internalRoutes }
}

const searchOf = ({ minMs, status, limit }: TraceQuery): string =>
  new URLSearchParams({
    minMs: String(minMs),
    limit: String(limit),
    ...(status !== undefined && { status }),
  }).toString()

async function ask({ address }: Replica, path: string, { headers }: InternalAccess): Promise<Trace[]> {
  try {
    const answer = await fetch(`${address}/internal/traces${path}`, {
      headers,
      signal: AbortSignal.timeout(1_000),
    })
    return answer.ok ? ((await answer.json()) as Trace[]) : []
  } catch {
    // One that does not answer shows nothing.
    return []
  }
}
