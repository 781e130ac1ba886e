/** All replicas, and taking one out of the balancer's sight and back, without a failed request. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { AppError, notFound } from '#kernel/errors.ts'
import type { Registry, Replica } from '#kernel/replicas.ts'
import { described, reading, writing } from './admin-route.ts'
import type { Audited } from './audited.ts'
import { drainWish } from './fleet-wishes.ts'
import { ReplicaPicture } from './system.schemas.ts'
import { replicaPicture } from './system-picture.ts'

export interface ReplicaRoutesDeps {
  readonly registry: Registry
  readonly audited: Audited
}

interface One {
  Params: { id: string }
}

/** A replica that everybody forgot comes back by itself. */
const drainedForMs = 60 * 60_000

const Replicas = Type.Object({ replicas: Type.Array(ReplicaPicture) }, { title: 'Replicas' })
const Asked = Type.Object(
  { replica: ReplicaPicture },
  { title: 'AskedReplica', description: 'as it was when it was asked; its state changes with its next beat' },
)
const params = Type.Object({ id: Type.String({ maxLength: 100 }) })

export function replicaRoutes(app: FastifyInstance, { registry, audited }: ReplicaRoutesDeps): void {
  const found = (id: string): Replica => {
    const replica = registry.replicas().find(({ instanceId }) => instanceId === id)
    if (!replica) throw notFound('replica', id)
    return replica
  }
  const refuseToLeaveNone = (id: string): void => {
    // One that is to leave as well, and has not heard of it yet, does not count.
    const serves = ({ instanceId, state, startedAt }: Replica): boolean =>
      instanceId !== id && state === 'up' && registry.wish(drainWish(instanceId))?.value !== startedAt
    if (registry.replicas().some(serves)) return
    throw new AppError('conflict', { detail: 'No other replica serves: the last one stays.' })
  }

  app.get('/api/v1/admin/replicas', { config: reading, schema: described('All replicas', Replicas) }, () => ({
    replicas: registry.replicas().map(replicaPicture),
  }))

  app.post<One>(
    '/api/v1/admin/replicas/:id/drain',
    {
      config: writing,
      schema: {
        ...described('Take a replica out: it answers what it has, and is sent nothing more', Asked, 202),
        params,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      // What was wished for at another replica a moment ago is heard first.
      await registry.beat()
      const replica = found(id)
      refuseToLeaveNone(id)
      await registry.makeWish(drainWish(id), replica.startedAt, drainedForMs)
      await registry.beat()
      await audited(request, { action: 'replicas.drain', target: `replica:${id}` })
      return reply.code(202).send({ replica: replicaPicture(replica) })
    },
  )

  app.post<One>(
    '/api/v1/admin/replicas/:id/undrain',
    {
      config: writing,
      schema: { ...described('Have a drained replica serve again', Asked, 202), params },
    },
    async (request, reply) => {
      const { id } = request.params
      const replica = found(id)
      await registry.takeBack(drainWish(id))
      await registry.beat()
      await audited(request, { action: 'replicas.undrain', target: `replica:${id}` })
      return reply.code(202).send({ replica: replicaPicture(replica) })
    },
  )
}
