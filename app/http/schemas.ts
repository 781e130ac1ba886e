/** Schemas that many routes share. */

import { Type } from 'typebox'

/** A positive integer; the upper bound is what JSON numbers carry exactly. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** The id in an address; `example` is one that the demo has. */
export const idParams = (example = 1) =>
  Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [example] }) })

/** RFC 3339, UTC, as Postgres keeps it: to the microsecond. */
export const Time = Type.String({ format: 'date-time' })

export const nullableText = (maxLength: number) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength })

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    error: Type.String({ description: 'stable code, what programs read' }),
    detail: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem', description: 'RFC 9457 problem document', additionalProperties: true },
)

/** Every route may refuse; the error table is the same for all. */
export const refusals = {
  '4xx': { description: 'Refused', content: { 'application/problem+json': { schema: Type.Ref('Problem') } } },
  '5xx': { description: 'Failed', content: { 'application/problem+json': { schema: Type.Ref('Problem') } } },
}
