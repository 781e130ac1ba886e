/** `GET /admin/events`: the live stream, for as long as its credential stands. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { openEventStream } from '#http/event-stream.ts'
import { refusals } from '#http/schemas.ts'
import type { Events } from './events.ts'
import { RequestEvent, StreamEnd, SystemPicture } from './system.schemas.ts'

const EventData = Type.Union([SystemPicture, RequestEvent, StreamEnd])

export function eventRoutes(app: FastifyInstance, events: Events): void {
  app.get(
    '/api/v1/admin/events',
    {
      // Costs nothing and holds no place: whoever watches an overload must not be shed by it.
      config: { permission: 'admin:read', cost: 0 },
      schema: {
        summary: 'Watch the system live',
        description:
          'Server-sent events: `system` twice a second (SystemPicture), `request` (RequestEvent), `audit` (an entry of the audit trail), ' +
          '`end` (StreamEnd). Resumes by Last-Event-ID, up to two minutes back.',
        tags: ['admin'],
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String()) }),
        response: {
          200: {
            description: 'The data of each event',
            content: { 'text/event-stream': { schema: EventData } },
          },
          ...refusals,
        },
      },
    },
    (request, reply) => {
      events.checkRoom()
      const { principal } = request
      const credential = presented(request)
      const stream = openEventStream(request, reply)
      events.watch({ stream, principal, credential, lastId: lastIdOf(request) })
    },
  )
}

/** It was valid a moment ago, so it has one of these two forms. */
const presented = ({ headers }: FastifyRequest): string =>
  headers.authorization === undefined
    ? String(headers['x-api-key'])
    : headers.authorization.replace(/^Bearer +/i, '').trimEnd()

function lastIdOf({ headers }: FastifyRequest): number | undefined {
  const given = headers['last-event-id']
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : undefined
}
