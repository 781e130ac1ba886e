/** Recent slow and failed requests, step by step, of all replicas: what a trace viewer shows, without one. */

import type { FastifyInstance } from 'fastify'
import { betweenReplicas, type KnowsReplicas, refuseOthers } from '#http/internal-route.ts'
import { refusals } from '#http/schemas.ts'
import { notFound } from '#kernel/errors.ts'
import type { AskOthers } from '#platform/other-replicas.ts'
import type { Tracing } from '#platform/tracing.ts'
import { ownTraces } from './own-traces.ts'
import { type Trace, TraceId, TraceQuery, Traces } from './traces.schemas.ts'

export interface TracesDeps {
  readonly instanceId: string
  /** Undefined where tracing is off: there are none then. */
  readonly tracing: Tracing | undefined
  readonly askOthers: AskOthers
  readonly internal: KnowsReplicas
}

export function traces({ instanceId, tracing, askOthers, internal }: TracesDeps) {
  const own = ownTraces(tracing, instanceId)

  const everywhere = async (mine: Trace[], path: string): Promise<Trace[]> => {
    const theirs = await askOthers<Trace[]>(`/internal/traces${path}`)
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
    app.get<{ Querystring: TraceQuery }>(
      '/internal/traces',
      { ...betweenReplicas, schema: { ...betweenReplicas.schema, querystring: TraceQuery } },
      async (request) => {
        refuseOthers(request, internal)
        return own.notable(request.query)
      },
    )
    app.get<{ Params: TraceId }>('/internal/traces/:traceId', betweenReplicas, async (request) => {
      refuseOthers(request, internal)
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
