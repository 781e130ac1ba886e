/** A trace on the wire. */

import { type Static, Type } from 'typebox'
import { Time } from '#http/schemas.ts'

const Span = Type.Object(
  {
    spanId: Type.String(),
    parentId: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'of the request itself: the span of its caller',
    }),
    name: Type.String(),
    startMs: Type.Number({ description: 'since the request came' }),
    ms: Type.Number(),
    hasFailed: Type.Boolean(),
    attributes: Type.Record(Type.String(), Type.String()),
  },
  { title: 'Span' },
)

export const Trace = Type.Object(
  {
    traceId: Type.String(),
    requestId: Type.String(),
    time: Time,
    method: Type.String(),
    route: Type.String(),
    status: Type.Integer(),
    ms: Type.Number(),
    instanceId: Type.String(),
    tier: Type.String(),
    errorCode: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
    because: Type.Union([Type.Literal('failed'), Type.Literal('slow'), Type.Literal('sampled')], {
      description: 'why it was kept',
    }),
    spans: Type.Array(Span, { description: 'the request first, then its steps' }),
  },
  { title: 'Trace' },
)
export type Trace = Static<typeof Trace>

export const TraceQuery = Type.Object(
  {
    minMs: Type.Integer({ minimum: 0, maximum: 3_600_000, default: 0, description: 'took at least so long' }),
    status: Type.Optional(
      Type.String({ pattern: '^[1-5](xx|[0-9]{2})$', description: '503, or 5xx', examples: ['5xx'] }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  { additionalProperties: false },
)
export type TraceQuery = Static<typeof TraceQuery>

export const TraceId = Type.Object({
  traceId: Type.String({ pattern: '^[0-9a-f]{32}$', examples: ['4bf92f3577b34da6a3ce929d0e0e4736'] }),
})
export type TraceId = Static<typeof TraceId>

export const Traces = Type.Object({ data: Type.Array(Trace) }, { title: 'Traces' })
