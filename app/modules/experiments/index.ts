/**
 * Breaking the system on purpose, to see it hold; in demo mode only. Each experiment is bounded, stands in the audit trail,
 * and never takes the last replica. What happens to another replica is told to it as a wish (kernel/wishes.ts).
 */

import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { refusals } from '#http/schemas.ts'
import type { Admission } from '#kernel/admission/admission.ts'
import { AppError, notFound } from '#kernel/errors.ts'
import type { Registry, Replica } from '#kernel/replicas.ts'
import type { Audited } from '#modules/admin/index.ts'
import { Crash, CutRedis, Experiment, Flood } from './experiments.schemas.ts'
import { flood } from './flood.ts'
import { type Link, redisCut } from './redis-cut.ts'

export interface ExperimentsDeps {
  readonly instanceId: string
  /** Of this start: a replica that crashed and is back has not been asked to crash again. */
  readonly startedAt: string
  readonly registry: Registry
  readonly admission: Admission
  /** Its connections to Redis. */
  readonly redisLinks: readonly Link[]
  readonly audited: Audited
  /** Ends this process at once, as if it had been killed. */
  readonly crash: () => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Two beats: who has not heard of it by then does not take part. */
const heardWithinMs = 2_000

export function experiments(deps: ExperimentsDeps) {
  const { instanceId, startedAt, registry, admission, redisLinks, audited, crash, now } = deps
  const cut = redisCut(redisLinks)
  let lastCut: string | undefined
  let isFlooded = false

  const living = (): Replica[] => registry.replicas().filter(({ state }) => state === 'up')
  const found = (id: string): Replica => {
    const replica = living().find((each) => each.instanceId === id)
    if (!replica) throw notFound('replica that is up', id)
    return replica
  }

  /** Takes part, if this replica is asked to. */
  const beat = (): void => {
    if (registry.wish(`crash:${instanceId}`)?.value === startedAt) crash()
    const wished = registry.wish(`cut-redis:${instanceId}`)
    if (wished === undefined || wished.value === lastCut) return
    lastCut = wished.value
    cut(wished.until - now())
  }

  const routes = (app: FastifyInstance): void => {
    const experiment = <Body extends TSchema>(
      name: Static<typeof Experiment>['experiment'],
      summary: string,
      body: Body,
      begin: (asked: Static<Body>) => Promise<string[]>,
    ): void => {
      app.post<{ Body: Static<Body> }>(
        `/api/v1/admin/experiments/${name}`,
        {
          config: { permission: 'admin:write' },
          schema: { summary, tags: ['experiments'], body, response: { 202: Experiment, ...refusals } },
        },
        async (request, reply) => {
          const replicas = await begin(request.body as Static<Body>)
          const details = { ...(request.body as object), replicas }
          await audited(request, { action: `experiments.${name}`, target: 'system', details })
          return reply.code(202).send({ experiment: name, replicas } as never)
        },
      )
    }

    experiment('crash', 'Have a replica kill itself', Crash, async ({ instanceId: id }) => {
      const replica = found(id)
      if (living().length < 2) throw new AppError('conflict', { detail: 'The last replica stays.' })
      await registry.makeWish(`crash:${id}`, replica.startedAt, heardWithinMs)
      return [id]
    })

    experiment(
      'cut-redis',
      'Have replicas lose their connections to Redis for a while',
      CutRedis,
      async ({ instanceId: id, seconds }) => {
        const replicas = id === undefined ? living() : [found(id)]
        const once = randomUUID()
        const ids = replicas.map((replica) => replica.instanceId)
        await Promise.all(ids.map((each) => registry.makeWish(`cut-redis:${each}`, once, seconds * 1_000)))
        return ids
      },
    )

    experiment(
      'flood',
      'Fill the queue of this replica with work that does nothing',
      Flood,
      async (asked) => {
        if (isFlooded) throw new AppError('conflict', { detail: 'A flood is under way at this replica.' })
        isFlooded = true
        flood(admission, asked).finally(() => {
          isFlooded = false
        })
        return [instanceId]
      },
    )
  }

  return { permissions: [] as const, routes, beat }
}
