/** What goes over the wire: bytes made once by a serialiser compiled from the schema, and a strong ETag of these bytes. */

import { hash } from 'node:crypto'
import fastJson from 'fast-json-stringify'
import type { Static, TSchema } from 'typebox'
import type { Representation } from '#kernel/representation.ts'

/** Members the schema does not declare are dropped: what is not promised does not leave. */
export function representationOf<Schema extends TSchema>(
  schema: Schema,
): (value: Static<Schema>) => Representation {
  const serialise = fastJson(JSON.parse(JSON.stringify(schema)))
  return (value) => fromJson(serialise(value))
}

export const fromJson = (json: string): Representation => represented(Buffer.from(json))

export const represented = (body: Buffer): Representation => ({
  body,
  etag: `"${hash('sha1', body, 'base64url')}"`,
})

/** Little text is joined with its headers and leaves in one write; bytes take a second, gathered one. */
export const payloadOf = (body: Buffer): string | Buffer =>
  body.length < joinedBelowBytes ? body.toString() : body

const joinedBelowBytes = 4 * 1024

/** One page of a list; `null`: there is no next one. */
export const pageOf = (page: Representation, nextCursor: string | null): Representation =>
  nextCursor === null ? page : { ...page, next: nextCursor }

/** RFC 9110 weak comparison of `If-None-Match`, and of `If-Match` too: compression at the edge makes our tag weak. */
export function matches(header: string, etag: string): boolean {
  if (header === etag || header === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
