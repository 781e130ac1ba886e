import { type Static, Type } from 'typebox'
import { listOf } from '#http/list-query.ts'
import { Id, Time } from '#http/schemas.ts'

const Name = Type.String({ maxLength: 200 })

export const LoggedRequest = Type.Object(
  {
    id: Id,
    time: Time,
    requestId: Type.String(),
    traceId: Type.String(),
    method: Type.String(),
    route: Type.String({ description: 'its pattern, or none' }),
    path: Type.String({ description: 'without its query' }),
    status: Type.Integer(),
    ms: Type.Number(),
    instanceId: Type.String(),
    tier: Type.String(),
    userId: Type.Union([Id, Type.Null()]),
    principal: Type.String({ description: 'user:7, api-key:3, or empty for nobody known' }),
    address: Type.String(),
    errorCode: Type.Union([Type.String(), Type.Null()]),
    weight: Type.Integer({ minimum: 1, description: 'how many requests it stands for' }),
  },
  { title: 'LoggedRequest' },
)
export type LoggedRequest = Static<typeof LoggedRequest>

export const LoggedRequests = listOf(LoggedRequest)

export const RequestQuery = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
    cursor: Type.Optional(Type.String({ maxLength: 2_048, description: 'nextCursor of the page before' })),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
    minStatus: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
    method: Type.Optional(Name),
    route: Type.Optional(Type.String({ maxLength: 200, description: 'e.g. /api/v1/items/:id' })),
    requestId: Type.Optional(Name),
    traceId: Type.Optional(Name),
    userId: Type.Optional(Id),
    instanceId: Type.Optional(Name),
    errorCode: Type.Optional(Name),
    minMs: Type.Optional(Type.Number({ minimum: 0 })),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  },
  { additionalProperties: false },
)
export type RequestQuery = Static<typeof RequestQuery>
