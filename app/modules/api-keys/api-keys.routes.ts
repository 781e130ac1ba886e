/** The addresses of one's own API keys. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { anyPrincipal } from '#http/authorize.ts'
import { representationOf } from '#http/representation.ts'
import { idParams, refusals } from '#http/schemas.ts'
import type { Writes } from '#http/write.ts'
import type { Database } from '#kernel/database.ts'
import { ApiKeys, NewApiKey, Rotation, ShownApiKey } from './api-keys.schemas.ts'
import type { ApiKeysService } from './api-keys.service.ts'
import { apiKeysStore as store } from './api-keys.store.ts'

export interface ApiKeysRoutesDeps {
  readonly database: Database
  readonly service: ApiKeysService
  readonly write: Writes
}

interface One {
  Params: { id: number }
}

const path = '/api/v1/api-keys'
const config = { permission: anyPrincipal } as const
const tags = ['api-keys']
const params = idParams(3)

export function apiKeysRoutes({ database, service, write }: ApiKeysRoutesDeps) {
  const wire = representationOf(ShownApiKey)
  const keysOf = (id: number) => ({ keys: [`api-key:${id}`] })

  return (app: FastifyInstance): void => {
    app.get(
      path,
      { config, schema: { summary: 'List my API keys', tags, response: { 200: ApiKeys, ...refusals } } },
      async (request) => ({ data: await store.list(database, request.principal.userId) }),
    )

    app.post<{ Body: NewApiKey }>(
      path,
      {
        config,
        schema: {
          summary: 'Make an API key; its secret is shown this once',
          tags,
          body: NewApiKey,
          response: { 201: ShownApiKey, ...refusals },
        },
      },
      (request, reply) =>
        write(
          request,
          reply.header('cache-control', 'no-store'),
          { keys: [], replay: 'never' },
          async (now) => {
            const made = await service.create(now, request.body)
            return { status: 201, representation: wire(made), location: `${path}/${made.id}` }
          },
        ),
    )

    app.post<One & { Body: Rotation }>(
      `${path}/:id/rotation`,
      {
        config,
        schema: {
          summary: 'Replace an API key; the old one goes on for a while',
          tags,
          params,
          body: Rotation,
          response: { 201: ShownApiKey, ...refusals },
        },
      },
      (request, reply) =>
        write(
          request,
          reply.header('cache-control', 'no-store'),
          { ...keysOf(request.params.id), replay: 'never' },
          async (now) => {
            const made = await service.rotate(now, request.params.id, request.body.overlapSeconds)
            return { status: 201, representation: wire(made), location: `${path}/${made.id}` }
          },
        ),
    )

    app.delete<One>(
      `${path}/:id`,
      {
        config,
        schema: { summary: 'End an API key', tags, params, response: { 204: Type.Null(), ...refusals } },
      },
      (request, reply) =>
        write(request, reply, keysOf(request.params.id), async (now) => {
          await service.remove(now, request.params.id)
          return { status: 204 }
        }),
    )
  }
}
