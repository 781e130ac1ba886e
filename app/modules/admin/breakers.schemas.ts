import { Type } from 'typebox'
import { Time } from '#http/schemas.ts'
import { forces } from './fleet-wishes.ts'

const Count = Type.Integer({ minimum: 0, description: 'in the last ten seconds' })

export const BreakerReport = Type.Object(
  {
    name: Type.String(),
    state: Type.Enum(['closed', 'open', 'half-open']),
    successes: Count,
    failures: Count,
    timeouts: Count,
    rejections: Count,
    running: Type.Integer({ minimum: 0 }),
    forced: Type.Enum(['open', 'closed', 'auto']),
  },
  { title: 'BreakerReport' },
)

export const Breakers = Type.Object(
  {
    instanceId: Type.String({ description: 'the replica that answers' }),
    breakers: Type.Array(BreakerReport, { description: 'its own' }),
    replicas: Type.Array(
      Type.Object({
        instanceId: Type.String(),
        breakers: Type.Record(Type.String(), Type.String(), { description: 'state by name' }),
      }),
    ),
  },
  { title: 'Breakers' },
)

export const BreakerChange = Type.Object(
  {
    state: Type.Enum([...forces], { description: 'auto leaves it to its rules' }),
    forSeconds: Type.Integer({
      minimum: 10,
      maximum: 86_400,
      default: 900,
      description: 'then it is left to its rules again',
    }),
  },
  { title: 'BreakerChange', additionalProperties: false, examples: [{ state: 'closed', forSeconds: 60 }] },
)

export const ForcedBreaker = Type.Object(
  {
    instanceId: Type.String({
      description: 'the replica that answers; the others follow with their next beat',
    }),
    breaker: BreakerReport,
    until: Type.Union([Time, Type.Null()], { description: 'when the force is over; null for none' }),
  },
  { title: 'ForcedBreaker' },
)
