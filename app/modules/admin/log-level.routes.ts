/** How much is logged, at all replicas, for a while: then it is what the configuration says again. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Time } from '#http/schemas.ts'
import type { Registry } from '#kernel/replicas.ts'
import { described, reading, writing } from './admin-route.ts'
import type { Audited } from './audited.ts'
import { levels, levelWish } from './fleet-wishes.ts'

export interface LogLevelDeps {
  readonly registry: Registry
  readonly audited: Audited
  readonly configured: string
  readonly current: () => string
  readonly now: () => number
}

const Level = Type.Enum([...levels])

const LogLevel = Type.Object(
  {
    level: Level,
    configured: Type.String({ description: 'what it is without anybody wishing otherwise' }),
    until: Type.Union([Time, Type.Null()], { description: 'when it is that again' }),
  },
  { title: 'LogLevel' },
)

const Change = Type.Object(
  { level: Level, forSeconds: Type.Integer({ minimum: 10, maximum: 86_400, default: 3_600 }) },
  { title: 'LogLevelChange', additionalProperties: false, examples: [{ level: 'info', forSeconds: 60 }] },
)

export function logLevelRoutes(app: FastifyInstance, deps: LogLevelDeps): void {
  const { registry, audited, configured, current, now } = deps
  const answer = () => {
    const wish = registry.wish(levelWish)
    const until = wish === undefined ? null : new Date(Date.now() + wish.until - now()).toISOString()
    return { level: current(), configured, until }
  }

  app.get(
    '/api/v1/admin/log-level',
    { config: reading, schema: described('How much is logged', LogLevel) },
    answer,
  )

  app.put<{ Body: { level: string; forSeconds: number } }>(
    '/api/v1/admin/log-level',
    {
      config: writing,
      schema: { ...described('Log more or less at all replicas, for a while', LogLevel), body: Change },
    },
    async (request) => {
      const { level, forSeconds } = request.body
      if (level === configured) await registry.takeBack(levelWish)
      else await registry.makeWish(levelWish, level, forSeconds * 1_000)
      await registry.beat()
      await audited(request, { action: 'log-level.set', target: 'log-level', details: { level, forSeconds } })
      return answer()
    },
  )
}
