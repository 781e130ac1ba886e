/** Answers a read from what the cache found: 304 where the client has it already, its Cache-Status, its next page. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CacheRead } from '#kernel/cache/cache.ts'
import { notFound } from '#kernel/errors.ts'
import type { Representation } from '#kernel/representation.ts'
import { cacheStatus } from './cache-status.ts'
import { thin } from './fields.ts'
import { matches } from './representation.ts'

/** Sends `read`, which on a hit is there at once: no promise stands in the way of the hot path. */
export function sendRead(
  request: FastifyRequest,
  reply: FastifyReply,
  read: CacheRead | Promise<CacheRead>,
  what: string,
): FastifyReply | Promise<FastifyReply> {
  return 'status' in read
    ? send(request, reply, read, what)
    : read.then((done) => send(request, reply, done, what))
}

function send(request: FastifyRequest, reply: FastifyReply, read: CacheRead, what: string): FastifyReply {
  reply.header('cache-status', cacheStatus(read))
  if (read.value === undefined) throw notFound(what, (request.params as { id?: string }).id ?? '')
  return sendRepresentation(request, reply, read.value)
}

/** Sends `representation`, thinned to `?fields=` where asked for; 304 where `If-None-Match` names it. */
export function sendRepresentation(
  request: FastifyRequest,
  reply: FastifyReply,
  representation: Representation,
): FastifyReply {
  const { fields } = request.query as { fields?: string }
  const { body, etag } = fields === undefined ? representation : thin(representation, fields)
  reply.header('etag', etag)
  if (representation.next !== undefined) reply.header('link', nextLink(request, representation.next))
  const known = request.headers['if-none-match']
  if (known !== undefined && matches(known, etag)) return reply.code(304).send()
  reply.header('content-type', 'application/json; charset=utf-8')
  if (body.length < compressedFromBytes || !acceptsBrotli(request)) return reply.send(body)
  // Other bytes, the same thing: a weak tag says so (RFC 9110, 8.8.1).
  reply.header('etag', `W/${etag}`).compress(body)
  return reply
}

// gzip is the edge's; Brotli, which nginx does not bring along, pays for answers of this size.
const compressedFromBytes = 16 * 1024

const acceptsBrotli = ({ headers }: FastifyRequest): boolean =>
  /\bbr\b(?!;\s*q=0(\.0*)?(,|$))/.test(String(headers['accept-encoding']))

/** Made of the query as it was read, never of its text: `limit=000…1` would fill a header that no proxy takes. */
function nextLink({ url, query }: FastifyRequest, cursor: string): string {
  const parameters = new URLSearchParams(query as Record<string, string>)
  parameters.delete('skip')
  parameters.set('cursor', cursor)
  return `<${url.split('?', 1)[0]}?${parameters}>; rel="next"`
}
