import { Type } from 'typebox'

const InstanceId = Type.String({ maxLength: 100 })

export const Crash = Type.Object({ instanceId: InstanceId }, { additionalProperties: false })

export const CutRedis = Type.Object(
  {
    instanceId: Type.Optional(Type.String({ maxLength: 100, description: 'all replicas without it' })),
    seconds: Type.Integer({ minimum: 1, maximum: 15, default: 5 }),
  },
  { additionalProperties: false },
)

export const Flood = Type.Object(
  {
    requests: Type.Integer({ minimum: 1, maximum: 500, default: 300 }),
    holdMs: Type.Integer({ minimum: 1, maximum: 500, default: 200 }),
  },
  { additionalProperties: false },
)

export const Experiment = Type.Object(
  {
    experiment: Type.Enum(['crash', 'cut-redis', 'flood']),
    replicas: Type.Array(InstanceId, { description: 'that it happens to' }),
  },
  { title: 'Experiment', description: 'what has begun' },
)
