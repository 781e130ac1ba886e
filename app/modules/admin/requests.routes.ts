/** `GET /admin/requests`: which requests failed, were slow, or were somebody's. */

import type { FastifyInstance } from 'fastify'
import type { Database } from '#kernel/database.ts'
import { described, reading } from './admin-route.ts'
import { LoggedRequests, RequestQuery } from './requests.schemas.ts'
import { findRequests } from './requests.store.ts'

export interface RequestRoutesDeps {
  readonly database: Database
}

export function requestRoutes(app: FastifyInstance, { database }: RequestRoutesDeps): void {
  app.get<{ Querystring: RequestQuery }>(
    '/api/v1/admin/requests',
    {
      config: reading,
      schema: {
        ...described('Find requests: all that failed or were slow, and some of the others', LoggedRequests),
        querystring: RequestQuery,
      },
    },
    async (request) => {
      const { data, nextCursor } = await findRequests(database, request.query, request.workSignal())
      return { data, pagination: { limit: request.query.limit, nextCursor } }
    },
  )
}
