/** Liveness: the event loop turns. Readiness: this replica wants requests; a shared dependency that is away never takes all out. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { DependencyState } from '#kernel/replicas.ts'

export interface HealthDeps {
  readonly instanceId: string
  readonly isDraining: () => boolean
  /** As of the last look, a second ago at most. */
  readonly dependencies: () => Readonly<Record<string, DependencyState>>
}

const Health = Type.Object({ status: Type.String(), instanceId: Type.String() }, { title: 'Health' })
const Readiness = Type.Object(
  {
    status: Type.String({ description: 'ok, or draining with 503' }),
    instanceId: Type.String(),
    dependencies: Type.Unsafe<Record<string, DependencyState>>({
      type: 'object',
      additionalProperties: { type: 'string', enum: ['up', 'down'] },
    }),
  },
  { title: 'Readiness' },
)

export function health(app: FastifyInstance, { instanceId, isDraining, dependencies }: HealthDeps): void {
  const config = { public: true, cost: 0, isProbe: true } as const
  const tags = ['health']
  for (const path of ['/health', '/api/v1/health']) {
    app.get(
      path,
      { config, schema: { summary: 'Is this replica alive?', tags, response: { 200: Health } } },
      () => ({ status: 'ok', instanceId }),
    )
    app.get(
      `${path}/ready`,
      {
        config,
        schema: {
          summary: 'Does this replica want requests?',
          tags,
          response: { 200: Readiness, 503: Readiness },
        },
      },
      (_request, reply) => {
        const status = isDraining() ? 'draining' : 'ok'
        reply.code(status === 'ok' ? 200 : 503)
        return { status, instanceId, dependencies: dependencies() }
      },
    )
  }
}
