import { type Static, Type } from 'typebox'
import { Id, Time } from '#http/schemas.ts'

const NullableId = Type.Unsafe<number | null>({ type: ['integer', 'null'] })
const Word = Type.String({ maxLength: 100 })

export const AuditEntry = Type.Object(
  {
    id: Id,
    createdAt: Time,
    actorId: NullableId,
    actorKind: Type.String(),
    credentialId: NullableId,
    action: Type.String({ description: 'what was done, e.g. users.close' }),
    target: Type.String({ description: 'what it was done to, e.g. user:7' }),
    outcome: Type.String(),
    address: Type.String(),
    requestId: Type.String(),
    details: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  },
  { title: 'AuditEntry' },
)
export type AuditEntry = Static<typeof AuditEntry>

export const auditFilters = {
  actorId: Id,
  action: Word,
  target: Word,
  outcome: Type.Enum(['done', 'refused']),
}
